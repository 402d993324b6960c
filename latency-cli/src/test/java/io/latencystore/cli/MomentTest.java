package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MomentTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-01T00:00:00Z",
    "-1, 1969-12-31T23:59:59.999999Z",
    "1800000000000001, 2027-01-15T08:00:00.000001Z",
    "2026-01-31T12:00:00Z, 2026-01-31T12:00:00Z",
    "2026-01-31T12:00:00+01:00, 2026-01-31T11:00:00Z",
    "2026-01-31T12:00-05:00, 2026-01-31T17:00:00Z",
    "2026-07-31T12:00:00+02:00[Europe/Berlin], 2026-07-31T10:00:00Z",
    "2026-01-31T12:00:00, 2026-01-31T12:00:00Z",
    "2026-01-31T12:00, 2026-01-31T12:00:00Z",
    "2026-01-31, 2026-01-31T00:00:00Z",
  })
  void readsIsoMomentsAndMicroseconds(String typed, Instant moment) {
    assertThat(new Moment().convert(typed)).isEqualTo(moment);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "12:00",
        "2026-02-30",
        "2026-01-31T25:00",
        "1.5",
        "9223372036854775808"
      })
  void refusesAnythingElse(String typed) {
    assertThatThrownBy(() -> new Moment().convert(typed))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + typed + "' is no moment");
  }
}
