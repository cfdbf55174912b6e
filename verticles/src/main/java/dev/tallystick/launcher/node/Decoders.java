package dev.tallystick.launcher.node;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.formats.EventDecoder;
import dev.tallystick.formats.Membership;
import dev.tallystick.formats.json.CommandDecoder;
import dev.tallystick.formats.json.JsonEventDecoder;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Who decodes which topic for whom; and who is the topic's keeper. */
final class Decoders {

  private Decoders() {}

  /** Decoders of one partition of {@code own}; each actor has its own, they are not thread-safe. */
  static Map<String, EventDecoder> of(Rulebook own, Collection<Rulebook> all, int recordMaxBytes) {
    Map<String, EventDecoder> decoders = new HashMap<>();
    own.topics()
        .forEach(
            (source, topic) -> {
              if (source.equals(Event.OPERATOR)) {
                decoders.put(
                    source, Membership.ofCommands(own).over(new CommandDecoder(recordMaxBytes)));
              } else {
                decoders.put(
                    source,
                    membership(own, topic, all)
                        .over(
                            new JsonEventDecoder(
                                Objects.requireNonNull(own.source(source)), recordMaxBytes)));
              }
            });
    return decoders;
  }

  /** Sources whose topic this reconciliation archives. */
  static Set<String> keeps(Rulebook own, Collection<Rulebook> all) {
    Set<String> keeps = new HashSet<>();
    own.topics()
        .forEach(
            (source, topic) -> {
              if (source.equals(Event.OPERATOR) || membership(own, topic, all).keeper()) {
                keeps.add(source);
              }
            });
    return keeps;
  }

  private static Membership membership(Rulebook own, String topic, Collection<Rulebook> all) {
    List<Rulebook> sharing =
        all.stream().filter(other -> other.topics().containsValue(topic)).toList();
    return new Membership(own, topic, sharing);
  }
}
