package io.latencystore.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.latencystore.policy.Expiry.Cutoff;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetentionPolicyTest {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  /** Ten measurements, an hour and 100 bytes apart; of a component half as many. */
  private record Hourly(int hours) implements StoredData {

    @Override
    public Instant now() {
      return NOON;
    }

    @Override
    public Optional<Instant> oldest() {
      return Optional.of(NOON.minus(Duration.ofHours(hours - 1L)));
    }

    @Override
    public Optional<Instant> newest() {
      return Optional.of(NOON);
    }

    @Override
    public long measurements() {
      return hours;
    }

    @Override
    public long bytes() {
      return hours * 100L;
    }

    @Override
    public Set<String> components() {
      return Set.of("editor");
    }

    @Override
    public StoredData component(String name) {
      return new Hourly(hours / 2);
    }

    @Override
    public Optional<Instant> sinceNewest(long measurements) {
      return measurements > hours
          ? Optional.empty()
          : Optional.of(NOON.minus(Duration.ofHours(measurements - 1)));
    }

    @Override
    public Optional<Instant> sinceBytes(long bytes) {
      return bytes >= bytes() ? Optional.empty() : sinceNewest(Math.max(1, bytes / 100));
    }
  }

  private static List<Cutoff> of(RetentionPolicy policy) {
    return policy.expiry(new Hourly(10)).cutoffs();
  }

  private static Cutoff hoursAgo(int hours) {
    return new Cutoff(null, NOON.minus(Duration.ofHours(hours)), null);
  }

  @Test
  void keepForExpiresWhatIsOlder() {
    assertThat(of(RetentionPolicy.keepFor(DAY)))
        .containsExactly(new Cutoff(null, NOON.minus(DAY), DAY));
  }

  @Test
  void keepNewestExpiresWhatIsBeyondTheNumber() {
    assertThat(of(RetentionPolicy.keepNewest(3))).containsExactly(hoursAgo(2));
    assertThat(of(RetentionPolicy.keepNewest(11))).isEmpty();
  }

  @Test
  void keepBytesExpiresWhatIsBeyondTheSize() {
    assertThat(of(RetentionPolicy.keepBytes(450))).containsExactly(hoursAgo(3));
    assertThat(of(RetentionPolicy.keepBytes(1_000))).isEmpty();
  }

  @Test
  void forComponentLooksAtThatComponentAlone() {
    RetentionPolicy policy = RetentionPolicy.keepNewest(5).and(RetentionPolicy.keepFor(DAY));

    assertThat(of(RetentionPolicy.forComponent("editor", policy)))
        .containsExactly(
            new Cutoff("editor", hoursAgo(4).before(), null),
            new Cutoff("editor", NOON.minus(DAY), DAY));
    assertThat(of(RetentionPolicy.forComponent("editor", RetentionPolicy.keepNewest(6)))).isEmpty();
    assertThat(
            of(
                RetentionPolicy.forComponent(
                    "a", RetentionPolicy.forComponent("b", RetentionPolicy.keepFor(DAY)))))
        .as("one component of another is none")
        .isEmpty();
  }

  @Test
  void severalExpireWhatAnyOfThemWould() {
    RetentionPolicy policy =
        RetentionPolicy.strictest(
            RetentionPolicy.keepNewest(3),
            stored -> Expiry.before(stored.oldest().orElseThrow()),
            RetentionPolicy.keepNewest(100));

    assertThat(of(policy)).containsExactly(hoursAgo(2), hoursAgo(9));
    assertThat(of(RetentionPolicy.strictest())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "P100000001D"})
  void anAgeThatMakesNoSenseIsRefused(Duration age) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetentionPolicy.keepFor(age))
        .withMessageContaining("keepFor(" + age + ")");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void aNumberThatMakesNoSenseIsRefused(long number) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetentionPolicy.keepNewest(number))
        .withMessageContaining("keepNewest(" + number + ")");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetentionPolicy.keepBytes(number))
        .withMessageContaining("keepBytes(" + number + ")");
  }

  @Test
  void theGreatestAgeFits() {
    assertThat(of(RetentionPolicy.keepFor(RetentionPolicy.LONGEST)).get(0).before())
        .isBefore(Instant.EPOCH);
  }
}
