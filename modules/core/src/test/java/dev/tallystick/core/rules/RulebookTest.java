package dev.tallystick.core.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tallystick.core.model.Event;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which version judges, and which topics are read for all of them. */
class RulebookTest {

  private static Reconciliation version(int number, long fromMs, SourceRule... sources) {
    RuleSet none = new RuleSet(List.of(), StatusVocabulary.PLAIN, null, null, null);
    return new Reconciliation(
        "settlement", number, fromMs, Condition.ALWAYS, List.of(sources), none, 8, "", "");
  }

  private static SourceRule source(String name, String topic) {
    return new SourceRule(
        name, topic, name.equals("gateway"), 60, null, Set.of("A"), false, false, "json", Map.of());
  }

  private static final Reconciliation FIRST =
      version(1, Event.NONE, source("gateway", "g1"), source("psp", "p1"));
  private static final Reconciliation SECOND =
      version(2, 100, source("gateway", "g2"), source("bank", "b2"));

  private final Rulebook book = new Rulebook(List.of(SECOND, FIRST));

  @Test
  void theVersionInForceAtTheFirstArrival() {
    assertThat(Stream.of(Event.NONE, 99L, 100L, 101L).map(book::at))
        .containsExactly(FIRST, FIRST, SECOND, SECOND);
    assertThat(new Rulebook(List.of(SECOND)).at(5)).as("before any is in force").isEqualTo(SECOND);
    assertThat(book.version(2)).isEqualTo(SECOND);
    assertThat(book.version(3)).isNull();
    assertThat(book.name()).isEqualTo("settlement");
  }

  @Test
  void allSourcesOfAllVersionsAreReadTheNewestSaysWhere() {
    assertThat(book.topics())
        .containsExactly(
            Map.entry("gateway", "g2"),
            Map.entry("bank", "b2"),
            Map.entry("psp", "p1"),
            Map.entry("operator", "tallystick_settlement_commands"));
  }

  @Test
  void sourcesByName() {
    assertThat(FIRST.reference().name()).isEqualTo("gateway");
    assertThat(FIRST.source("psp")).isEqualTo(source("psp", "p1"));
    assertThat(FIRST.source("bank")).isNull();
    assertThat(source("psp", "p1").takesType("B")).isFalse();
    assertThat(Condition.ALWAYS.text()).isEqualTo("true");
  }

  @Test
  void aFinalStatusMayBeDeclaredPending() {
    StatusVocabulary words = new StatusVocabulary(Map.of("OK", "SUCCESS"), Set.of("OK"));
    assertThat(words.isFinal("OK")).isFalse();
    assertThat(words.isFinal("SUCCESS")).isTrue();
    assertThat(words.isFinal("REVERSED")).isTrue();
    assertThat(words.isFinal("AUTHORIZED")).isFalse();
  }

  @Test
  void noVersionIsNoRulebook() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Rulebook(List.of()));
  }
}
