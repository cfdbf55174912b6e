package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;

/** Puts the id of a run where a scenario says {@value Scenario#RUN}. Raw bytes stay as they are. */
record RunText(String runId) {

  Step in(Step step) {
    return switch (step) {
      case Step.Send send -> new Step.Send(object(send.event()));
      case Step.SendRaw raw -> new Step.SendRaw(raw.source(), in(raw.key()), raw.value());
      case Step.Wait wait -> wait;
      case Step.Expect expect -> {
        ExpectedMismatch mismatch = expect.mismatch();
        yield new Step.Expect(
            expect.txnId().replace(Scenario.RUN, runId),
            in(expect.state()),
            in(expect.label()),
            mismatch == null ? null : new ExpectedMismatch(object(mismatch.fields())),
            expect.withinMs());
      }
    };
  }

  private @Nullable String in(@Nullable String text) {
    return text == null ? null : text.replace(Scenario.RUN, runId);
  }

  private ObjectNode object(ObjectNode from) {
    ObjectNode to = from.objectNode();
    from.forEachEntry((name, value) -> to.set(name, value(value)));
    return to;
  }

  private JsonNode value(JsonNode from) {
    return switch (from) {
      case TextNode text -> TextNode.valueOf(text.asText().replace(Scenario.RUN, runId));
      case ObjectNode object -> object(object);
      case ArrayNode array -> {
        ArrayNode to = array.arrayNode();
        array.forEach(item -> to.add(value(item)));
        yield to;
      }
      default -> from;
    };
  }
}
