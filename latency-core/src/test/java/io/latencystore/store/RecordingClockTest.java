package io.latencystore.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.Micros;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecordingClockTest {

  private static final long TOLERANCE_MICROS = 2;

  /** The system's clock, which somebody sets. */
  private static final class SetClock extends Clock {

    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
      return Clock.systemUTC().instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void isTheSystemsTimeToAMicrosecond() {
    RecordingClock clock = new RecordingClock(Clock.systemUTC());

    for (int i = 0; i < 200_000; i++) {
      assertIsTimeOf(Clock.systemUTC(), clock);
    }
  }

  @Test
  void followsWhoeverSetsTheSystemsClock() {
    SetClock system = new SetClock();
    RecordingClock clock = new RecordingClock(system, true);

    for (Duration ahead : new Duration[] {Duration.ofDays(3652), Duration.ofDays(-3652)}) {
      assertIsTimeOf(system, clock);
      system.ahead = ahead;
      long set = System.nanoTime();
      while (System.nanoTime() - set < TimeUnit.MILLISECONDS.toNanos(1)) {
        Thread.onSpinWait();
      }
      assertIsTimeOf(system, clock);
    }
  }

  @Test
  void readsATimeThatHasNoNanoseconds() {
    SetClock system = new SetClock();
    RecordingClock clock = new RecordingClock(system, true);
    system.ahead = Duration.ofDays(365_000);

    assertIsTimeOf(system, clock);
    assertIsTimeOf(system, clock);
  }

  @Test
  void asksAnotherClockEachTime() {
    Instant begin = Instant.parse("2026-01-01T00:00:00Z");

    assertThat(new RecordingClock(Clock.fixed(begin, ZoneOffset.UTC)).micros())
        .isEqualTo(Micros.ofTimestamp(begin));
    SetClock another = new SetClock();
    RecordingClock clock = new RecordingClock(another);
    assertIsTimeOf(another, clock);
    another.ahead = Duration.ofDays(1);
    assertIsTimeOf(another, clock);
  }

  private static void assertIsTimeOf(Clock expected, RecordingClock clock) {
    long before = Micros.now(expected);
    long micros = clock.micros();
    long after = Micros.now(expected);

    assertThat(micros).isBetween(before - TOLERANCE_MICROS, after + TOLERANCE_MICROS);
  }
}
