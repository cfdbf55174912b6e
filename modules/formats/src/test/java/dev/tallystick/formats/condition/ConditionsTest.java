package dev.tallystick.formats.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallystick.core.model.Event;
import dev.tallystick.core.model.OperatorCommand;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code where} and {@code when} can ask (contracts, section 5). */
class ConditionsTest {

  private static final Event MOBILE = Events.event("MOBILE", 12L, "UPI");
  private static final Event BARE = Events.event(null, Event.NONE, null);

  @ParameterizedTest(name = "{0}: with a channel {1}, without {2}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          has(event.channel)                    ; true  ; false
          !has(event.channel)                   ; false ; true
          event.channel == 'MOBILE'             ; true  ; false
          'MOBILE' == event.channel             ; true  ; false
          event.channel == "WEB"                ; false ; false
          event.channel != 'WEB'                ; true  ; false
          !(event.channel == 'WEB')             ; true  ; false
          event.channel == 'MOBILE' && has(event.fee) ; true ; false
          event.channel == 'WEB' || event.amount == 5 ; true ; true
          event.amount > 4 && event.amount < 6  ; true  ; true
          event.fee == 12                       ; true  ; false
          event.txn_id == 'TXN1' && event.source == 'gateway' ; true ; true
          event.event_id == 'e1' && event.event_type == 'PAYMENT_CAPTURED' ; true ; true
          event.status == 'SUCCESS' && event.currency == 'INR' ; true ; true
          has(event.account)                    ; true  ; false
          has(event.counterparty) && has(event.reference) ; true ; false
          event.timestamp == timestamp('1970-01-01T00:00:00.042Z') ; true ; true
          event.attributes.rail == 'UPI'        ; true  ; false
          event.attributes['rail'] == 'UPI'     ; true  ; false
          'rail' in event.attributes            ; true  ; false
          !('rail' in event.attributes)         ; false ; true
          has(event.attributes)                 ; true  ; true
          event.txn_id.startsWith('TXN')        ; true  ; true
          event.amount / 0 == 1                 ; false ; false
          true                                  ; true  ; true
          """)
  void conditions(String text, boolean ofMobile, boolean ofBare) throws ConditionException {
    assertThat(Conditions.compile(text).test(MOBILE)).isEqualTo(ofMobile);
    assertThat(Conditions.compile(text).test(BARE)).isEqualTo(ofBare);
    assertThat(Conditions.compile(text).text()).isEqualTo(text);
    assertThat(Conditions.compileWithoutShortcut(text).test(MOBILE)).isEqualTo(ofMobile);
    assertThat(Conditions.compileWithoutShortcut(text).test(BARE)).isEqualTo(ofBare);
  }

  @ParameterizedTest(name = "{0} → {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          has(event.chanel)       | is no condition: undefined field 'chanel' (line 1, character 4)
          event.chanel == 'X'     | is no condition: undefined field 'chanel' (line 1, character 6)
          event.amount            | is no condition: expected type 'bool' but found 'int' (line 1, character 6)
          event.amount == 'x'     | is no condition: found no matching overload for '_==_' applied to '(int, string)' (candidates: (%A0, %A0)) (line 1, character 14)
          evnt.channel == 'X'     | is no condition: undeclared reference to 'evnt' (in container '') (line 1, character 1)
          event.channel ==        | is no condition: mismatched input '<EOF>'
          event.source.x == 'x'   | is no condition: type 'string' does not support field selection
          now() > event.timestamp | is no condition: undeclared reference to 'now'
          """)
  void mistakesAreFoundAtStart(String text, String said) {
    assertThatThrownBy(() -> Conditions.compile(text))
        .isInstanceOf(ConditionException.class)
        .message()
        .startsWith(said)
        .hasLineCount(1);
  }

  @Test
  void aConditionIsBounded() {
    assertThatThrownBy(() -> Conditions.compile("true" + " ".repeat(Conditions.TEXT_MAX)))
        .isInstanceOf(ConditionException.class);
    assertThatThrownBy(() -> Conditions.compile("(".repeat(200) + "true" + ")".repeat(200)))
        .isInstanceOf(ConditionException.class);
  }

  @Test
  void aCommandHasNoMoneyAndNoTime() throws ConditionException {
    Event command =
        Events.command(new OperatorCommand("alice", null, List.of(), 0), OperatorCommand.REOPEN);
    String any =
        "has(event.status) || has(event.amount) || has(event.currency) || has(event.timestamp)"
            + " || has(event.fee) || has(event.channel)";
    assertThat(Conditions.compile(any).test(command)).isFalse();
    assertThat(Conditions.compile("event.source == 'operator'").test(command)).isTrue();
  }

  @Test
  void commonShapesTakeTheShortCut() throws ConditionException {
    for (String text :
        List.of(
            "has(event.channel)",
            "!has(event.channel)",
            "event.channel == 'MOBILE'",
            "has(event.fee) && (event.channel == 'MOBILE' && !has(event.account))")) {
      assertThat(Conditions.compile(text).getClass().getSimpleName()).isEqualTo("Conjunction");
    }
    for (String text : List.of("event.fee == 12", "has(event.fee) || has(event.channel)")) {
      assertThat(Conditions.compile(text).getClass().getSimpleName()).isEqualTo("Evaluated");
    }
  }
}
