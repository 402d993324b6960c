package io.latencystore.query;

import io.latencystore.LatencyQuery;
import io.latencystore.Micros;
import java.math.BigInteger;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * A window of time with both ends inside, so that every moment there is can be inside.
 *
 * @param first the first moment inside, in microseconds since the epoch
 * @param last the last moment inside; before {@code first} if nothing is
 * @param bounded whether the window was given a begin and an end within the range of time
 */
public record TimeRange(long first, long last, boolean bounded) {

  private static final TimeRange EMPTY = new TimeRange(0, -1, true);

  /** The window of a query, whose {@code last} has been resolved. */
  static TimeRange of(LatencyQuery query) {
    long first = Long.MIN_VALUE;
    long last = Long.MAX_VALUE;
    Instant earliest = Micros.toInstant(Long.MIN_VALUE);
    Instant latest = Micros.toInstant(Long.MAX_VALUE).plusNanos(999);
    boolean begins = query.from().isPresent() && !query.from().get().isBefore(earliest);
    boolean ends = query.to().isPresent() && !query.to().get().isAfter(latest);
    if (begins) {
      Instant from = query.from().get();
      if (from.isAfter(latest)) {
        return EMPTY;
      }
      first = Micros.clamped(from);
    }
    if (ends) {
      Instant to = query.to().get();
      if (to.isBefore(earliest.plusNanos(1_000))) {
        return EMPTY;
      }
      last = Micros.clamped(to) - 1;
    }
    return new TimeRange(first, last, begins && ends);
  }

  /** Whether nothing is inside. */
  public boolean isEmpty() {
    return first > last;
  }

  boolean covers(long from, long to) {
    return first <= from && to <= last;
  }

  /** The part of it from one moment to another, both inside. */
  public TimeRange intersect(long from, long to) {
    return new TimeRange(Math.max(first, from), Math.min(last, to), bounded);
  }

  OptionalDouble ratePerSecond(long count) {
    if (!bounded) {
      return OptionalDouble.empty();
    }
    BigInteger micros =
        BigInteger.valueOf(last).subtract(BigInteger.valueOf(first)).add(BigInteger.ONE);
    return isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(count * 1e6 / micros.doubleValue());
  }
}
