package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SpanTest {

  @ParameterizedTest
  @CsvSource({
    "5us, PT0.000005S",
    "500ms, PT0.5S",
    "90s, PT90S",
    "30m, PT30M",
    "1h, PT1H",
    "7d, PT168H",
    "2w, PT336H",
  })
  void readsANumberAndAUnit(String typed, Duration span) {
    assertThat(new Span().convert(typed)).isEqualTo(span);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "h", "-1h", "1.5h", "1 h", "1H", "1y", "99999999999999999999s"})
  void refusesAnythingElse(String typed) {
    assertThatThrownBy(() -> new Span().convert(typed))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + typed + "' is ");
  }
}
