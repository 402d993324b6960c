package io.latencystore.cli;

import io.latencystore.LatencyQuery;
import java.math.BigDecimal;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that names percentiles. */
final class Percentiles {

  @Option(
      names = "--percentiles",
      paramLabel = "P",
      split = ",",
      description = "Percentiles from 0 to 100, separated by commas. Default: 50,90,95,99,99.9.")
  private List<String> typed = List.of();

  /**
   * The query with the percentiles that were typed, if any.
   *
   * @throws IllegalArgumentException if one is not a number from 0 to 100
   */
  LatencyQuery of(LatencyQuery query) {
    return typed.isEmpty()
        ? query
        : query.percentiles(typed.stream().mapToDouble(Percentiles::number).toArray());
  }

  private static double number(String text) {
    BigDecimal exact;
    try {
      exact = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "percentile '" + text + "' is not a number from 0 to 100", e);
    }
    double number = exact.doubleValue();
    if (!(number >= 0 && number <= 100)) {
      throw new IllegalArgumentException("percentile " + text + " is not from 0 to 100");
    } else if (exact.compareTo(BigDecimal.valueOf(number)) != 0) {
      throw new IllegalArgumentException(
          "percentile " + text + " has too many digits; use at most 15");
    }
    return number;
  }
}
