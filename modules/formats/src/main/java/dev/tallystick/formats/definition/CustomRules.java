package dev.tallystick.formats.definition;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.MismatchType;
import dev.tallystick.core.rules.Rule;
import dev.tallystick.formats.yaml.YamlNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Loads a rule that is not built in: a public class that implements {@link Rule}, with a public
 * constructor that takes the rule's name or nothing. Verdicts carry the name of the definition,
 * whatever the class calls itself.
 */
final class CustomRules {

  private CustomRules() {}

  static Rule load(String name, YamlNode className) {
    Object made = make(name, className);
    if (!(made instanceof Rule rule)) {
      throw className.error("does not implement " + Rule.class.getName());
    }
    try {
      MismatchType type = Objects.requireNonNull(rule.type(), "type() is null");
      return name.equals(rule.name()) ? rule : new Named(name, type, rule);
    } catch (RuntimeException e) {
      throw className.error("does not say its name and type: " + e);
    }
  }

  private static Object make(String name, YamlNode className) {
    try {
      Class<?> type = Class.forName(className.text(), true, CustomRules.class.getClassLoader());
      for (Constructor<?> constructor : type.getConstructors()) {
        Class<?>[] parameters = constructor.getParameterTypes();
        if (parameters.length == 1 && parameters[0] == String.class) {
          return constructor.newInstance(name);
        }
      }
      return type.getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw className.error("is not on the class path");
    } catch (NoSuchMethodException e) {
      throw className.error("has no public constructor () or (String name)");
    } catch (InvocationTargetException e) {
      throw className.error("failed to start: " + e.getCause());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw className.error("cannot be loaded: " + e);
    }
  }

  private record Named(String name, MismatchType type, Rule rule) implements Rule {
    @Override
    public @Nullable Difference compare(Event reference, Event other) {
      return rule.compare(reference, other);
    }
  }
}
