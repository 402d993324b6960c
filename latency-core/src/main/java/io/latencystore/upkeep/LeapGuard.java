package io.latencystore.upkeep;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a clock that is wrong by years from expiring everything. A cutoff that follows from an age
 * moves as time does; one that would advance by more than an hour and a tenth of the age at once
 * waits until it has wanted to for 24 hours, which are measured by a ticker that no clock moves. If
 * it leaps again meanwhile, the wait begins anew; if it comes back, it is over. For one thread.
 */
final class LeapGuard {

  private static final long SLOT_MICROS = TimeUnit.HOURS.toMicros(1);
  private static final long WAIT_NANOS = TimeUnit.HOURS.toNanos(24);

  /** Whose cutoff it is. */
  private record Subject(@Nullable String component, Duration age) {}

  private record Leap(long sinceNanos, long toMicros) {

    /** Where it would have gone meanwhile if it moved as time does. */
    long toMicrosAfter(long nanos) {
      long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
      return toMicros > Long.MAX_VALUE - micros ? Long.MAX_VALUE : toMicros + micros;
    }
  }

  private final LongSupplier ticker;
  private final Map<Subject, Leap> waiting = new HashMap<>();

  /**
   * A guard for which nothing waits.
   *
   * @param ticker nanoseconds since any moment, as {@link System#nanoTime} gives them
   */
  LeapGuard(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** What becomes of a cutoff. */
  enum Verdict {
    /** It may advance. */
    PASSES,
    /** It waits from now on. */
    BEGINS_TO_WAIT,
    /** It waits already. */
    WAITS
  }

  /**
   * Judges a cutoff that would advance.
   *
   * @param component the component whose cutoff it is, or null for all
   * @param age the age it follows from
   * @param from where it is, or the oldest measurement if that is later
   * @param to where it would go
   */
  Verdict judge(@Nullable String component, Duration age, long from, long to) {
    Subject subject = new Subject(component, age);
    long allowed = SLOT_MICROS + TimeUnit.SECONDS.toMicros(age.toSeconds()) / 10;
    long least = to < Long.MIN_VALUE + allowed ? Long.MIN_VALUE : to - allowed;
    if (least <= from) {
      waiting.remove(subject);
      return Verdict.PASSES;
    }
    long now = ticker.getAsLong();
    Leap leap = waiting.get(subject);
    if (leap == null || least > leap.toMicrosAfter(now - leap.sinceNanos)) {
      waiting.put(subject, new Leap(now, to));
      return Verdict.BEGINS_TO_WAIT;
    }
    if (now - leap.sinceNanos < WAIT_NANOS) {
      return Verdict.WAITS;
    }
    waiting.remove(subject);
    return Verdict.PASSES;
  }
}
