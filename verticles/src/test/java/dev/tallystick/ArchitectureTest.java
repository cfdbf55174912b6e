package dev.tallystick;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.tallystick.core.engine.Change;
import dev.tallystick.core.engine.MismatchJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom: three floors, no arrow up, no circle. */
class ArchitectureTest {

  private static final String OURS = "dev.tallystick..";
  private static final String CORE = "dev.tallystick.core..";
  private static final String PROTOCOL = "dev.tallystick.protocol..";
  private static final String FORMATS = "dev.tallystick.formats..";
  private static final String STORAGE = "dev.tallystick.storage..";
  private static final String EMBEDDED = "dev.tallystick.embedded..";
  private static final String VERTICLES = "dev.tallystick.verticles..";
  private static final String SIMULATOR = "dev.tallystick.simulator..";
  private static final String LAUNCHER = "dev.tallystick.launcher..";
  private static final String METERS = "dev.tallystick.verticles.meters..";
  private static final String HTTP = "dev.tallystick.verticles.http..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tallystick");

  @ParameterizedTest
  @ValueSource(
      strings = {CORE, PROTOCOL, FORMATS, STORAGE, EMBEDDED, VERTICLES, SIMULATOR, LAUNCHER})
  void theRoomIsThere(String room) {
    assertThat(CLASSES.that(resideInAPackage(room)))
        .as("a rule about classes that are not read holds for nothing")
        .isNotEmpty();
  }

  @Test
  void coreImportsTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage(CORE)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", CORE)
        .because("what decides about money must be testable without anything else")
        .check(CLASSES);
  }

  @Test
  void modulesDoNotKnowWhatIsBuiltOnThem() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE, PROTOCOL, FORMATS, STORAGE, EMBEDDED)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(VERTICLES, LAUNCHER, SIMULATOR)
        .because("an arrow up makes a module untestable without the whole")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {PROTOCOL, FORMATS, STORAGE})
  void theFloorAboveCoreKnowsCoreAndNotItsNeighbours(String room) {
    noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(ours().and(not(resideInAnyPackage(CORE, room))))
        .because("they meet in a verticle or in the launcher, never behind its back")
        .check(CLASSES);
  }

  @Test
  void embeddedServersKnowNothingOfUs() {
    noClasses()
        .that()
        .resideInAPackage(EMBEDDED)
        .should()
        .dependOnClassesThat(ours().and(not(resideInAPackage(EMBEDDED))))
        .because("they stand for servers that know nothing of us either")
        .check(CLASSES);
  }

  @Test
  void aVerticleDoesNotKnowAnOther() {
    classes()
        .that()
        .resideInAPackage(VERTICLES)
        .should(
            new ArchCondition<JavaClass>("know no other verticle's package but meters and http") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                item.getDirectDependenciesFromSelf().stream()
                    .filter(to -> VERTICLE.test(to.getTargetClass()))
                    .filter(to -> !actorOf(to.getTargetClass()).equals(actorOf(item)))
                    .forEach(
                        to -> events.add(SimpleConditionEvent.violated(item, to.getDescription())));
              }
            })
        .because("they share messages of protocol, so each can be moved, tested and lost alone")
        .check(CLASSES);
  }

  private static final DescribedPredicate<JavaClass> VERTICLE =
      resideInAPackage(VERTICLES).and(not(resideInAnyPackage(METERS, HTTP)));

  /** {@code dev.tallystick.verticles.X.…} → X. */
  private static String actorOf(JavaClass item) {
    String[] parts = item.getPackageName().split("\\.", -1);
    return parts.length > 3 ? parts[3] : "";
  }

  @Test
  void onlyTheLauncherSeesThemAll() {
    noClasses()
        .that()
        .resideOutsideOfPackage(LAUNCHER)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(LAUNCHER)
        .because("what puts the parts together is nobody's part")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(LAUNCHER, VERTICLES)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(VERTICLES)
        .because("actors are reached by message")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(LAUNCHER, SIMULATOR)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(SIMULATOR)
        .because("the engine must not know who examines it")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(LAUNCHER, EMBEDDED)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(EMBEDDED)
        .because("real servers are an address, whoever started them")
        .check(CLASSES);
  }

  @Test
  void theSimulatorSharesNoCodeWithWhatItExamines() {
    noClasses()
        .that()
        .resideInAPackage(SIMULATOR)
        .should()
        .dependOnClassesThat(ours().and(not(resideInAPackage(SIMULATOR))))
        .because("an oracle that shares a bug agrees with it")
        .check(CLASSES);
  }

  @Test
  void coreReadsNoClockAndTakesNoChances() {
    noClasses()
        .that()
        .resideInAPackage(CORE)
        .should()
        .callMethodWhere(
            target(owner(equivalentTo(System.class)))
                .and(target(name("currentTimeMillis").or(name("nanoTime")))))
        .orShould()
        .callMethodWhere(target(owner(equivalentTo(Instant.class))).and(target(name("now"))))
        .orShould()
        .callMethodWhere(target(owner(equivalentTo(UUID.class))).and(target(name("randomUUID"))))
        .orShould()
        .callMethodWhere(target(owner(equivalentTo(Math.class))).and(target(name("random"))))
        .orShould()
        .dependOnClassesThat(
            assignableTo(RandomGenerator.class)
                .or(assignableTo(Thread.class))
                .or(assignableTo(Clock.class))
                .or(resideInAPackage("java.util.concurrent..")))
        .because("a verdict is a function of events, rules and watermark; one seed repeats a world")
        .check(CLASSES);
  }

  @Test
  void coreHasNoFloatingPointNumbers() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(CORE)
        .should()
        .notHaveRawType(describe("float or double", ArchitectureTest::isFloating))
        .because("money is integers in minor units")
        .check(CLASSES);
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(CORE)
        .should(
            new ArchCondition<>("have no float or double in the signature") {
              @Override
              public void check(JavaMethod item, ConditionEvents events) {
                if (hasFloating(item)) {
                  events.add(SimpleConditionEvent.violated(item, item.getFullName()));
                }
              }
            })
        .because("money is integers in minor units")
        .check(CLASSES);
  }

  private static boolean hasFloating(JavaCodeUnit unit) {
    return isFloating(unit.getRawReturnType())
        || unit.getRawParameterTypes().stream().anyMatch(ArchitectureTest::isFloating);
  }

  private static boolean isFloating(JavaClass type) {
    JavaClass base = type.isArray() ? type.getBaseComponentType() : type;
    return Stream.of(float.class, double.class, Float.class, Double.class)
        .anyMatch(base::isEquivalentTo);
  }

  /**
   * One known exception: the text of a change is written in {@code wire}, changes are the engine's.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"core", "protocol", "formats", "storage", "embedded", "simulator", "verticles"})
  void noCircleInsideAModule(String module) {
    slices()
        .matching("dev.tallystick." + module + ".(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(MismatchJson.class, Change.class)
        .ignoreDependency(MismatchJson.class, Change.Kind.class)
        .because("what goes in circles can be understood only as a whole")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static final Pattern LITERAL_ADDRESS =
      Pattern.compile(
          "eventBus\\(\\)[^;]*?\\.(?:<[^;(]*>)?(?:consumer|localConsumer|publish|send|request)\\(\\s*\"");

  /** Class files no longer tell a literal from a constant: this one reads the sources. */
  @Test
  void addressesOfTheBusStandInProtocolOnly() throws IOException {
    assertThat(literalAddresses("vertx.eventBus().<String>request(\n  \"a\", b)")).hasSize(1);
    for (String room : List.of("../modules", "../simulator", "../verticles")) {
      try (Stream<Path> files = Files.walk(Path.of(room))) {
        for (Path file : files.filter(ArchitectureTest::isMainSource).toList()) {
          assertThat(literalAddresses(Files.readString(file)))
              .as("%s: an address that only one side knows is a message that nobody hears", file)
              .isEmpty();
        }
      }
    }
  }

  private static List<String> literalAddresses(String source) {
    return LITERAL_ADDRESS.matcher(source).results().map(MatchResult::group).toList();
  }

  private static boolean isMainSource(Path file) {
    String path = file.toString();
    return path.contains("src/main/java")
        && path.endsWith(".java")
        && !path.contains("dev/tallystick/protocol/");
  }

  private static DescribedPredicate<JavaClass> ours() {
    return resideInAPackage(OURS);
  }
}
