package io.latencystore.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static PendingBatch waiting(long measurements, Duration age) {
    return new PendingBatch(measurements, age);
  }

  @Test
  void upToWritesOnceSoManyWait() {
    BatchPolicy policy = BatchPolicy.upTo(10);

    assertThat(policy.patience(waiting(9, Duration.ofHours(1)))).isPositive();
    assertThat(policy.patience(waiting(10, Duration.ZERO))).isZero();
    assertThat(policy.patience(waiting(11, Duration.ZERO))).isZero();
  }

  @Test
  void withinWritesOnceTheOldestHasWaitedSoLong() {
    BatchPolicy policy = BatchPolicy.within(SECOND);

    assertThat(policy.patience(waiting(1_000_000, Duration.ofMillis(300))))
        .isEqualTo(Duration.ofMillis(700));
    assertThat(policy.patience(waiting(1, SECOND))).isZero();
    assertThat(policy.patience(waiting(1, SECOND.multipliedBy(3)))).isNegative();
    assertThat(BatchPolicy.within(Duration.ZERO).patience(waiting(1, Duration.ZERO))).isZero();
  }

  @Test
  void orWritesAsSoonAsEitherWould() {
    BatchPolicy either = BatchPolicy.upTo(10).or(BatchPolicy.within(SECOND));
    BatchPolicy turned = BatchPolicy.within(SECOND).or(BatchPolicy.upTo(10));

    for (BatchPolicy policy : new BatchPolicy[] {either, turned}) {
      assertThat(policy.patience(waiting(10, Duration.ZERO))).isZero();
      assertThat(policy.patience(waiting(1, SECOND))).isZero();
      assertThat(policy.patience(waiting(9, Duration.ofMillis(900))))
          .isEqualTo(Duration.ofMillis(100));
    }
  }

  @Test
  void batchesThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchPolicy.upTo(0))
        .withMessageContaining("upTo(0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchPolicy.within(Duration.ofNanos(-1)))
        .withMessageContaining("within(PT-0.000000001S)");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 2, 3, 10, 31, 32, 63, 64, Integer.MAX_VALUE})
  void aPauseDoublesUpToTheLongestAndIsAtLeastHalfOfThat(int failures) {
    Duration first = Duration.ofMillis(50);
    Duration longest = Duration.ofSeconds(5);
    RetryPolicy policy = RetryPolicy.exponential(first, longest);
    double doubled = 50 * Math.pow(2, Math.max(failures, 1) - 1.0);
    Duration most = Duration.ofMillis((long) Math.min(doubled, 5_000));

    for (int i = 0; i < 1_000; i++) {
      assertThat(policy.pause(failures)).isBetween(most.dividedBy(2), most);
    }
  }

  @Test
  void pausesDiffer() {
    RetryPolicy policy = RetryPolicy.exponential(SECOND, SECOND);

    assertThat(Stream.generate(() -> policy.pause(1)).limit(100).distinct()).hasSizeGreaterThan(50);
  }

  @Test
  void aPauseOfDaysDoesNotOverflow() {
    RetryPolicy policy = RetryPolicy.exponential(Duration.ofDays(1), Duration.ofDays(30_000));

    assertThat(policy.pause(Integer.MAX_VALUE))
        .isBetween(Duration.ofDays(15_000), Duration.ofDays(30_000));
  }

  @Test
  void pausesThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryPolicy.exponential(Duration.ZERO, SECOND));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryPolicy.exponential(SECOND.negated(), SECOND));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryPolicy.exponential(SECOND, SECOND.minusNanos(1)))
        .withMessageContaining("at most the longest");
  }

  @Test
  void overflowPoliciesSayWhatHappensAndHowLongIsWaited() {
    assertThat(OverflowPolicy.block(SECOND))
        .isEqualTo(new OverflowPolicy(OverflowPolicy.Kind.BLOCK, SECOND));
    assertThat(OverflowPolicy.dropNewest().patience()).isZero();
    assertThat(OverflowPolicy.fail().kind()).isEqualTo(OverflowPolicy.Kind.FAIL);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OverflowPolicy.block(SECOND.negated()))
        .withMessageContaining("block(PT-1S)");
  }

  @Test
  void syncPoliciesSayHowLongSomethingMayStayUnsynced() {
    assertThat(SyncPolicy.every(Duration.ofMillis(100)).interval())
        .isEqualTo(Duration.ofMillis(100));
    assertThat(SyncPolicy.every(SECOND).beforeReturning()).isFalse();
    assertThat(SyncPolicy.everyFlush().beforeReturning()).isFalse();
    assertThat(SyncPolicy.everyRecord().beforeReturning()).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SyncPolicy.every(Duration.ofMillis(99)))
        .withMessageContaining("at least 100 ms");
    assertThat(SyncPolicy.everyFlush().interval()).isGreaterThan(Duration.ofDays(365));
    assertThat(SyncPolicy.everyFlush().interval().toNanos()).isPositive();
  }
}
