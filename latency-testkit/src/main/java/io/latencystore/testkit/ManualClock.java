package io.latencystore.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands until it is set. Safe for use by any thread. */
public final class ManualClock extends Clock {

  private volatile Instant now;

  /** A clock that stands at a moment. */
  public ManualClock(Instant now) {
    this.now = now;
  }

  /** Sets it, forth or back. */
  public void set(Instant moment) {
    now = moment;
  }

  /** Lets time go by. */
  public void advance(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("it tells the time in UTC");
  }
}
