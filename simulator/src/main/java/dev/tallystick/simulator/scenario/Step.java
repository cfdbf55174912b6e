package dev.tallystick.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** One thing to do or to see (contracts, section 7). */
public sealed interface Step {

  /** As results call it. */
  String kind();

  /** What it does, as a sentence. */
  String text();

  /**
   * {@code POST /events}.
   *
   * @param event as written; whether it is one is the API's business
   */
  record Send(ObjectNode event) implements Step {
    @Override
    public String kind() {
      return "send";
    }

    @Override
    public String text() {
      return "%s reports %s %s %s %s for %s"
          .formatted(
              word("source"),
              word("event_type"),
              word("status"),
              word("amount"),
              word("currency"),
              word("txn_id"));
    }

    private String word(String field) {
      JsonNode value = event.get(field);
      return value == null ? "-" : value.asText();
    }
  }

  /**
   * Any bytes into a source's topic.
   *
   * @param key of the record; null: none
   */
  record SendRaw(String source, @Nullable String key, byte[] value) implements Step {
    @Override
    public String kind() {
      return "send_raw";
    }

    @Override
    public String text() {
      return "%d raw bytes from %s with %s"
          .formatted(value.length, source, key == null ? "no key" : "key " + key);
    }
  }

  /**
   * Nothing, for a while.
   *
   * @param ms milliseconds, 0 to {@link Scenario#WAIT_MAX_MS}
   */
  record Wait(long ms) implements Step {
    @Override
    public String kind() {
      return "wait";
    }

    @Override
    public String text() {
      return "wait " + ms + " ms";
    }
  }

  /**
   * Looks again and again until it is so. What is null is not compared.
   *
   * @param withinMs milliseconds, 1 to {@link Scenario#WITHIN_MAX_MS}
   */
  record Expect(
      String txnId,
      @Nullable String state,
      @Nullable String label,
      @Nullable ExpectedMismatch mismatch,
      long withinMs)
      implements Step {
    @Override
    public String kind() {
      return "expect";
    }

    @Override
    public String text() {
      StringBuilder text = new StringBuilder(txnId);
      text.append(state == null ? " is known" : " is " + state);
      if (label != null && !label.equals(state)) {
        text.append(", ").append(label);
      }
      if (mismatch != null) {
        text.append(", with ").append(mismatch.text());
      }
      return text.append(", within ").append(withinMs).append(" ms").toString();
    }
  }
}
