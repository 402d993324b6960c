package io.latencystore.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.upkeep.LeapGuard.Verdict;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LeapGuardTest {

  private static final Duration AGE = Duration.ofDays(30);
  private static final long HOUR = 3_600_000_000L;
  private static final long DAY = 24 * HOUR;
  private static final long YEARS = 3_650 * DAY;

  private final AtomicLong ticker = new AtomicLong(-5);
  private final LeapGuard guard = new LeapGuard(ticker::get);

  private Verdict judge(long from, long to) {
    return guard.judge(null, AGE, from, to);
  }

  private void pass(Duration time) {
    ticker.addAndGet(time.toNanos());
  }

  @Test
  void anAdvanceByAnHourAndATenthOfTheAgePasses() {
    assertThat(judge(0, 3 * DAY + HOUR)).isEqualTo(Verdict.PASSES);
    assertThat(judge(0, 3 * DAY + HOUR + 1)).isEqualTo(Verdict.BEGINS_TO_WAIT);
    assertThat(judge(0, 0)).isEqualTo(Verdict.PASSES);
    assertThat(judge(0, -YEARS)).isEqualTo(Verdict.PASSES);
  }

  @Test
  void aLeapPassesOnceItHasWaitedForADay() {
    assertThat(judge(0, 10 * DAY)).isEqualTo(Verdict.BEGINS_TO_WAIT);
    pass(Duration.ofHours(23));
    assertThat(judge(0, 11 * DAY)).isEqualTo(Verdict.WAITS);
    pass(Duration.ofHours(1));
    assertThat(judge(0, 11 * DAY)).isEqualTo(Verdict.PASSES);
    assertThat(judge(11 * DAY, 21 * DAY)).isEqualTo(Verdict.BEGINS_TO_WAIT);
  }

  @Test
  void aLeapThatComesBackIsForgotten() {
    judge(0, YEARS);
    pass(Duration.ofHours(23));
    assertThat(judge(0, HOUR)).isEqualTo(Verdict.PASSES);
    pass(Duration.ofHours(2));

    assertThat(judge(0, YEARS)).isEqualTo(Verdict.BEGINS_TO_WAIT);
  }

  @Test
  void anotherLeapBeginsTheWaitAnew() {
    judge(0, 10 * DAY);
    pass(Duration.ofHours(23));
    assertThat(judge(0, YEARS)).isEqualTo(Verdict.BEGINS_TO_WAIT);
    pass(Duration.ofHours(23));
    assertThat(judge(0, YEARS)).isEqualTo(Verdict.WAITS);
    pass(Duration.ofHours(1));
    assertThat(judge(0, YEARS)).isEqualTo(Verdict.PASSES);
  }

  @Test
  void eachComponentAndAgeWaitsForItself() {
    judge(0, 10 * DAY);
    pass(Duration.ofHours(24));

    assertThat(guard.judge("editor", AGE, 0, 10 * DAY)).isEqualTo(Verdict.BEGINS_TO_WAIT);
    assertThat(guard.judge(null, AGE.plusDays(1), 0, 10 * DAY)).isEqualTo(Verdict.BEGINS_TO_WAIT);
    assertThat(judge(0, 10 * DAY)).isEqualTo(Verdict.PASSES);
  }

  @Test
  void theEndsOfTimeAreNoTrouble() {
    assertThat(judge(Long.MIN_VALUE, Long.MIN_VALUE + 5)).isEqualTo(Verdict.PASSES);
    assertThat(judge(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(Verdict.BEGINS_TO_WAIT);
    pass(Duration.ofHours(24));
    assertThat(judge(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(Verdict.PASSES);
  }
}
