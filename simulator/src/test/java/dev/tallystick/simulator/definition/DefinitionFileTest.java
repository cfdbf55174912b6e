package dev.tallystick.simulator.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallystick.simulator.Presets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefinitionFileTest {

  @Test
  void aLineSetsValuesAndTypesWithoutALineKeepTheirDefaults() {
    Definition payments = Presets.PAYMENTS;
    assertThat(payments.sources())
        .extracting(Definition.Source::name)
        .containsExactly("core", "gateway", "mobile");
    assertThat(payments.reference().name()).isEqualTo("core");
    assertThat(payments.reference().slaMs()).isEqualTo(60_000);
    assertThat(payments.enabled(MismatchType.TIMESTAMP).getFirst().name()).isEqualTo("time");
    assertThat(payments.enabled(MismatchType.MISSING).getFirst().name()).isEqualTo("missing");
    assertThat(payments.isFinal("CAPTURED")).isTrue();
    assertThat(payments.isFinal("PENDING")).isFalse();
    assertThat(payments.validFromMs()).isEqualTo(Definition.ALWAYS);
  }

  @Test
  void aConditionIsFalseWhereItsFieldIsAbsent() {
    EventCondition mobile = EventCondition.of("event.channel == 'MOBILE'");
    assertThat(mobile.test(Map.of("channel", "MOBILE"))).isTrue();
    assertThat(mobile.test(Map.of("channel", "WEB"))).isFalse();
    assertThat(mobile.test(Map.of())).isFalse();
    assertThat(EventCondition.of("!has(event.channel)").test(Map.of())).isTrue();
    assertThat(EventCondition.of("event.amount > 100").test(Map.of("amount", 101L))).isTrue();
  }

  @Test
  void whatIsNotUnderstoodIsNamed() {
    String text = Presets.SETTLEMENT_TEXT.replace("sla: 60s, format", "sla: soon, format");
    assertThatThrownBy(() -> DefinitionFile.parse(text))
        .hasMessageContaining("reconciliation settlement")
        .hasMessageContaining("sla: soon");
    assertThatThrownBy(() -> EventCondition.of("event.channel =="))
        .hasMessageContaining("event.channel ==");
  }
}
