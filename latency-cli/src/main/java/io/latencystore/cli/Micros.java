package io.latencystore.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** The JDK's time types as microseconds, the unit of everything that programs read. */
final class Micros {

  private Micros() {}

  /** Whole microseconds since the epoch of a moment that a store returned. */
  static long of(Instant moment) {
    return BigDecimal.valueOf(moment.getEpochSecond())
        .movePointRight(6)
        .add(BigDecimal.valueOf(moment.getNano() / 1_000))
        .longValueExact();
  }

  /** Whole microseconds of a duration that a store returned. */
  static long of(Duration duration) {
    return exact(duration).longValue();
  }

  /** Microseconds with three decimals, that is to the nanosecond. */
  static BigDecimal exact(Duration duration) {
    return BigDecimal.valueOf(duration.getSeconds())
        .movePointRight(6)
        .add(BigDecimal.valueOf(duration.getNano(), 3));
  }
}
