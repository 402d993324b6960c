package io.latencystore.query;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds exact nearest ranks among any number of latencies in bounded memory.
 *
 * <ol>
 *   <li>Up to {@value #MAX_VALUES} latencies are kept and sorted.
 *   <li>More are counted in a {@link Histogram}. A rank that falls into a bucket one microsecond
 *       wide is found.
 *   <li>The bucket of any other rank is divided by a further pass over the same latencies, until it
 *       is one microsecond wide.
 * </ol>
 *
 * <p>Steps 2 and 3 are a radix selection, most significant digits first. For one thread.
 */
final class Distribution {

  private static final int MAX_VALUES = 4_096;
  private static final int FIRST_VALUES = 16;
  private static final int DIVIDE_BITS = 12;

  /** A rank whose value is known to lie in a bucket. */
  private static final class Target {
    private long low;
    private long width;
    private long rankWithin;
    private long @Nullable [] counts;

    Target(Histogram.Bucket bucket) {
      low = bucket.low();
      width = bucket.width();
      rankWithin = bucket.rankWithin();
    }

    boolean isFound() {
      return width == 1;
    }

    boolean mayLieIn(long min, long max) {
      return !isFound() && low <= max && min - low < width;
    }

    void add(long[] values, int from, int to) {
      if (isFound()) {
        return;
      }
      if (counts == null) {
        counts = new long[parts()];
      }
      int shift = shift();
      for (int i = from; i < to; i++) {
        long offset = values[i] - low;
        if (offset >= 0 && offset < width) {
          counts[(int) (offset >>> shift)]++;
        }
      }
    }

    /** Narrows the bucket to the part that holds the rank. */
    void narrow() {
      if (isFound() || counts == null) {
        return;
      }
      int part = 0;
      while (counts[part] < rankWithin) {
        rankWithin -= counts[part++];
      }
      int shift = shift();
      low += (long) part << shift;
      width = 1L << shift;
      counts = null;
    }

    /** How many parts a further pass divides the bucket into. */
    private int parts() {
      return (int) Math.min(width, 1L << DIVIDE_BITS);
    }

    private int shift() {
      return Math.max(0, Long.numberOfTrailingZeros(width) - DIVIDE_BITS);
    }
  }

  private long[] values = new long[FIRST_VALUES];
  private int size;
  private @Nullable Histogram histogram;
  private List<Target> targets = List.of();

  void add(long[] latencies, int from, int to) {
    if (histogram == null && size + (to - from) > MAX_VALUES) {
      histogram = new Histogram();
      histogram.add(values, 0, size);
      values = new long[0];
    }
    if (histogram != null) {
      histogram.add(latencies, from, to);
      return;
    }
    int needed = size + (to - from);
    if (needed > values.length) {
      values = Arrays.copyOf(values, Math.max(needed, Math.min(MAX_VALUES, values.length * 2)));
    }
    System.arraycopy(latencies, from, values, size, to - from);
    size = needed;
  }

  /** What this takes in memory, about. */
  long bytes() {
    return (long) values.length * Long.BYTES + (histogram == null ? 0 : histogram.bytes());
  }

  /**
   * Ends the first pass: looks for these percentiles of the {@code count} latencies that were
   * added.
   */
  void seek(List<BigDecimal> percentiles, long count) {
    if (histogram == null) {
      Arrays.sort(values, 0, size);
    }
    targets = new ArrayList<>();
    for (BigDecimal p : percentiles) {
      long rank = Ranks.nearest(p, count);
      targets.add(
          new Target(
              histogram == null
                  ? new Histogram.Bucket(values[(int) rank - 1], 1, 1)
                  : histogram.find(rank)));
    }
    values = new long[0];
    histogram = null;
  }

  boolean isFound() {
    return targets.stream().allMatch(Target::isFound);
  }

  /** What this takes in memory during a further pass. */
  long bytesToNarrow() {
    return targets.stream()
        .filter(target -> !target.isFound())
        .mapToLong(target -> (long) target.parts() * Long.BYTES)
        .sum();
  }

  /** Whether a further pass must see latencies between these two. */
  boolean mustSee(long min, long max) {
    for (Target target : targets) {
      if (target.mayLieIn(min, max)) {
        return true;
      }
    }
    return false;
  }

  /** Takes latencies in a further pass. */
  void addAgain(long[] latencies, int from, int to) {
    for (Target target : targets) {
      target.add(latencies, from, to);
    }
  }

  /** Ends a further pass. */
  void narrow() {
    targets.forEach(Target::narrow);
  }

  /** The values, in the order of the percentiles, once {@link #isFound}. */
  List<Long> found() {
    return targets.stream().map(target -> target.low).toList();
  }
}
