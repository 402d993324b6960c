package io.latencystore.cli;

import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.OptionalLong;

/**
 * A row of bars, one for each value, from the lowest value to the highest; a gap where there is
 * none.
 */
final class Sparkline {

  private static final String BARS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  static String of(List<OptionalLong> values) {
    LongSummaryStatistics range =
        values.stream().flatMapToLong(OptionalLong::stream).summaryStatistics();
    StringBuilder line = new StringBuilder(values.size());
    for (OptionalLong value : values) {
      line.append(value.isPresent() ? bar(value.getAsLong(), range) : ' ');
    }
    return line.toString();
  }

  private static char bar(long value, LongSummaryStatistics range) {
    double span = (double) range.getMax() - range.getMin();
    double share = span == 0 ? 0 : ((double) value - range.getMin()) / span;
    return BARS.charAt((int) Math.round(share * (BARS.length() - 1)));
  }
}
