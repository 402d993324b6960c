package io.latencystore.store;

import io.latencystore.Micros;
import java.time.Clock;
import java.time.Instant;

/**
 * The time of a clock as recording takes it, in microseconds since the Unix epoch.
 *
 * <p>The system's clock costs half as much again as {@link System#nanoTime}, and makes an object
 * where the compiler does not see through it. So it is read once in a millisecond, and what has
 * passed since is added: that is the system's time to a microsecond, and follows within a
 * millisecond when somebody sets it. Any other clock is asked each time. Safe for use by any
 * thread.
 */
final class RecordingClock {

  private static final long KEPT_NANOS = 1_000_000;
  private static final long EXACT_NANOS = 1_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long NANOS_PER_MICRO = 1_000;

  private final Clock clock;
  private final boolean ofSystem;
  private volatile long offsetNanos;
  private volatile long readAtNanos = System.nanoTime() - KEPT_NANOS;

  RecordingClock(Clock clock) {
    this(clock, Clock.systemUTC().equals(clock));
  }

  RecordingClock(Clock clock, boolean ofSystem) {
    this.clock = clock;
    this.ofSystem = ofSystem;
  }

  /**
   * What time it is.
   *
   * @throws ArithmeticException if that does not fit
   */
  long micros() {
    if (!ofSystem) {
      return Micros.now(clock);
    }
    long now = System.nanoTime();
    // The offset is written first and read last, so it is not older than that.
    return now - readAtNanos < KEPT_NANOS
        ? Math.floorDiv(now + offsetNanos, NANOS_PER_MICRO)
        : readSystem();
  }

  private long readSystem() {
    long before = System.nanoTime();
    Instant now = clock.instant();
    long after = System.nanoTime();
    if (after - before < EXACT_NANOS && fitsNanos(now)) {
      offsetNanos = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano() - before;
      readAtNanos = before;
    }
    return Micros.ofTimestamp(now);
  }

  private static boolean fitsNanos(Instant moment) {
    return Math.abs(moment.getEpochSecond()) < Long.MAX_VALUE / NANOS_PER_SECOND;
  }
}
