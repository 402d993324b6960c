package io.latencystore.sqlite;

import io.latencystore.Micros;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when it is told to. */
final class TestClock extends Clock {

  private final AtomicLong micros;

  TestClock(long micros) {
    this.micros = new AtomicLong(micros);
  }

  long micros() {
    return micros.get();
  }

  void advanceSeconds(long seconds) {
    micros.addAndGet(seconds * 1_000_000);
  }

  @Override
  public Instant instant() {
    return Micros.toInstant(micros());
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
