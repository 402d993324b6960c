package io.latencystore.sql;

import io.latencystore.Micros;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time of the system clock in microseconds since the epoch, taken without garbage: an {@link
 * java.time.Instant} for each measurement would be.
 *
 * <p>The time is that of an anchor and what {@link System#nanoTime} says has passed since. The
 * anchor is dropped after a second, and compared with {@link System#currentTimeMillis} after a
 * millisecond, so that a clock that was set, or a computer that slept, is noticed by then. Safe for
 * use by any thread.
 */
final class RecordingClock implements LongSupplier {

  private static final long COMPARE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long DROP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long TOLERATED_MILLIS = 1;

  /** A moment on both clocks. */
  private static final class Anchor {
    final long micros;
    final long nanos;
    // Written by racing threads: each value is a time at which the anchor was found right.
    volatile long comparedNanos;

    Anchor(long micros, long nanos) {
      this.micros = micros;
      this.nanos = nanos;
      this.comparedNanos = nanos;
    }

    long microsAt(long nanoTime) {
      return micros + (nanoTime - nanos) / 1_000;
    }
  }

  private final Clock clock;
  private volatile Anchor anchor;

  private RecordingClock(Clock clock) {
    this.clock = clock;
    this.anchor = drop();
  }

  /** The time of a clock, which is asked each time unless it is the system's. */
  static LongSupplier of(Clock clock) {
    return clock.equals(Clock.system(clock.getZone()))
        ? new RecordingClock(clock)
        : () -> Micros.ofTimestamp(clock.instant());
  }

  @Override
  public long getAsLong() {
    long nanos = System.nanoTime();
    Anchor current = anchor;
    if (nanos - current.comparedNanos > COMPARE_NANOS) {
      current = compare(current, nanos);
    }
    return current.microsAt(nanos);
  }

  private Anchor compare(Anchor current, long nanos) {
    long millis = Math.floorDiv(current.microsAt(nanos), 1_000);
    boolean isRight = Math.abs(System.currentTimeMillis() - millis) <= TOLERATED_MILLIS;
    if (isRight && nanos - current.nanos < DROP_NANOS) {
      current.comparedNanos = nanos;
      return current;
    }
    return drop();
  }

  private Anchor drop() {
    Anchor made = new Anchor(Micros.ofTimestamp(clock.instant()), System.nanoTime());
    anchor = made;
    return made;
  }
}
