package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundedTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0 µs",
        "7 | 7 µs",
        "7.333 | 7.33 µs",
        "843 | 843 µs",
        "999.6 | 1.00 ms",
        "1000 | 1.00 ms",
        "12345 | 12.3 ms",
        "999499 | 999 ms",
        "999500 | 1.00 s",
        "60000000 | 60.0 s",
        "1234567000000 | 1,234,567 s",
      })
  void showsDurationsWithThreeDigitsInAUnitOfTheirSize(BigDecimal micros, String shown) {
    assertThat(Rounded.micros(micros)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0 | 0 bytes", "999 | 999 bytes", "4423680 | 4.42 MB", "90112 | 90.1 kB"})
  void showsSizesLikewise(long bytes, String shown) {
    assertThat(Rounded.bytes(bytes)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0 | 0 %", "1 | 100 %", "0.0123456 | 1.23 %", "0.99 | 99.0 %", "1e-7 | 0.0000100 %"})
  void showsSharesAsPercentages(double share, String shown) {
    assertThat(Rounded.share(share)).isEqualTo(shown);
  }
}
