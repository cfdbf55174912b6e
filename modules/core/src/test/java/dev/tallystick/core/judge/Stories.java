package dev.tallystick.core.judge;

import dev.tallystick.core.model.ContentHash;
import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.Mismatch;
import dev.tallystick.core.model.OperatorCommand;
import dev.tallystick.core.model.Verdict;
import dev.tallystick.core.rules.AccountRule;
import dev.tallystick.core.rules.AmountRule;
import dev.tallystick.core.rules.Condition;
import dev.tallystick.core.rules.CurrencyRule;
import dev.tallystick.core.rules.Reconciliation;
import dev.tallystick.core.rules.RuleSet;
import dev.tallystick.core.rules.Rulebook;
import dev.tallystick.core.rules.SourceRule;
import dev.tallystick.core.rules.StatusRule;
import dev.tallystick.core.rules.StatusVocabulary;
import dev.tallystick.core.rules.TimestampRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The language of the story table. An event is {@code source word word …}: a number is the amount
 * in minor units, three capitals its currency, other capitals the status, {@code @n} the second of
 * its arrival, {@code #x} its id, {@code key=value} the rest. Without a word: 5000 INR SUCCESS,
 * captured at second 0. Offsets follow the order in which a source's events are told.
 */
final class Stories {

  static final StatusVocabulary STATUSES =
      new StatusVocabulary(Map.of("CAPTURED", "SUCCESS"), Set.of("PENDING", "AUTHORIZED"));

  private record ChannelIsMobile() implements Condition {
    @Override
    public boolean test(Event event) {
      return "MOBILE".equals(event.channel());
    }

    @Override
    public String text() {
      return "event.channel == 'MOBILE'";
    }
  }

  private Stories() {}

  /** Gateway is the reference, bank always reports, mobile only for its own channel. */
  static Rulebook settlement() {
    return new Rulebook(List.of(version(1, Event.NONE, rules("missing"), 60, 60, 90)));
  }

  static RuleSet rules(@Nullable String missing) {
    return new RuleSet(
        List.of(
            new CurrencyRule("currency"),
            new AmountRule("amount", 10, 0, true),
            new StatusRule("status", STATUSES),
            new AccountRule("account"),
            new TimestampRule("time", 300_000, 0)),
        STATUSES,
        missing,
        "duplicate",
        "unexpected");
  }

  /** A version whose deadlines lie that many seconds after the first arrival. */
  static Reconciliation version(
      int number, long fromMs, RuleSet rules, long gateway, long bank, long mobile) {
    return new Reconciliation(
        "settlement",
        number,
        fromMs,
        Condition.ALWAYS,
        List.of(
            source("gateway", gateway, null),
            source("bank", bank, null),
            source("mobile", mobile, new ChannelIsMobile())),
        rules,
        8,
        "",
        "");
  }

  private static SourceRule source(String name, long slaSeconds, @Nullable Condition when) {
    return new SourceRule(
        name,
        name + "_txns",
        name.equals("gateway"),
        slaSeconds * 1_000,
        when,
        Set.of("PAYMENT_CAPTURED", "LEDGER_POSTED"),
        false,
        false,
        "json",
        Map.of());
  }

  /** Events of one transaction, told one after the other and separated by commas. */
  static List<Event> events(String told) {
    List<Event> events = new ArrayList<>();
    Map<String, Long> offsets = new HashMap<>();
    for (String one : told.isBlank() ? new String[0] : told.split(",")) {
      String[] words = one.strip().split(" +");
      long offset = offsets.merge(words[0], 1L, Long::sum) - 1;
      events.add(event(words, offset));
    }
    return events;
  }

  private static Event event(String[] words, long offset) {
    String source = words[0];
    String id = source + offset;
    String type = "PAYMENT_CAPTURED";
    String status = "SUCCESS";
    String currency = "INR";
    long amountMinor = 5000;
    long arrivedMs = 0;
    Map<String, String> said = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      if (word.startsWith("@")) {
        arrivedMs = milliseconds(word.substring(1));
      } else if (word.startsWith("#")) {
        id = word.substring(1);
      } else if (word.matches("-?[0-9]+")) {
        amountMinor = Long.parseLong(word);
      } else if (word.matches("[A-Z]{3}")) {
        currency = word;
      } else if (word.matches("[A-Z]+")) {
        status = word;
      } else {
        said.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
      }
    }
    type = said.getOrDefault("type", type);
    long occurredAtMs = milliseconds(said.getOrDefault("at", "0"));
    String fee = said.get("fee");
    long feeMinor = fee == null ? Event.NONE : Long.parseLong(fee);
    int content =
        List.of(type, status, currency, amountMinor, occurredAtMs, feeMinor, said).hashCode();
    return new Event(
        "TXN1",
        source,
        id,
        new ContentHash(content, 0, 0, 0),
        type,
        status,
        amountMinor,
        currency,
        said.get("account"),
        said.get("to"),
        occurredAtMs,
        said.get("ref"),
        said.get("channel"),
        feeMinor,
        attributes(said.get("note")),
        null,
        offset,
        arrivedMs);
  }

  private static Map<String, String> attributes(@Nullable String note) {
    return note == null ? Map.of() : Map.of("note", note);
  }

  /** An operator's command at a second. */
  static Event command(
      String type, long offset, long second, int version, OperatorCommand.Accepted... accepts) {
    return new Event(
        "TXN1",
        Event.OPERATOR,
        "c" + offset,
        new ContentHash(offset, 1, 1, 1),
        type,
        "",
        0,
        "",
        null,
        null,
        Event.NONE,
        null,
        null,
        Event.NONE,
        Map.of(),
        new OperatorCommand("olga", null, List.of(accepts), version),
        offset,
        second * 1_000);
  }

  /** {@code -} is {@link Event#NONE}; else seconds. */
  static long milliseconds(String seconds) {
    return seconds.equals("-") ? Event.NONE : Math.round(Double.parseDouble(seconds) * 1_000);
  }

  /** Mismatches in the language of the table: {@code AMOUNT bank 5000>4500 @3-70 EVIDENCE}. */
  static String mismatches(Verdict verdict) {
    return verdict.mismatches().stream().map(Stories::text).collect(Collectors.joining(", "));
  }

  private static String text(Mismatch mismatch) {
    String values =
        switch (mismatch.type()) {
          case MISSING, UNEXPECTED -> "";
          case DUPLICATE -> ' ' + mismatch.field();
          case CURRENCY, AMOUNT, STATUS, ACCOUNT ->
              ' ' + mismatch.expected() + '>' + mismatch.actual();
          case TIMESTAMP -> " by " + mismatch.delta();
        };
    String closed =
        mismatch.isOpen() ? "" : "-" + seconds(mismatch.closedAtMs()) + ' ' + mismatch.closedBy();
    return mismatch.type()
        + " "
        + mismatch.source()
        + values
        + " @"
        + seconds(mismatch.openedAtMs())
        + closed;
  }

  static String seconds(long ms) {
    if (ms == Event.NONE) {
      return "-";
    }
    return ms % 1_000 == 0 ? Long.toString(ms / 1_000) : ms + "ms";
  }
}
