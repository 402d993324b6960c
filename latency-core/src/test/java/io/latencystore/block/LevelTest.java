package io.latencystore.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LevelTest {

  private static final Map<Level, Integer> HOURS =
      Map.of(Level.HOUR, 1, Level.DAY, 24, Level.DAYS_32, 32 * 24, Level.DAYS_1024, 1_024 * 24);

  @Property
  void everyMomentLiesInItsSlot(@ForAll Level level, @ForAll long micros) {
    long slot = level.slotOf(micros);

    assertThat(level.firstMicrosOf(slot)).isLessThanOrEqualTo(micros);
    assertThat(level.lastMicrosOf(slot)).isGreaterThanOrEqualTo(micros);
    assertThat(level.slotOf(level.firstMicrosOf(slot))).isEqualTo(slot);
    assertThat(level.slotOf(level.lastMicrosOf(slot))).isEqualTo(slot);
  }

  @Property
  void theLowestLevelThatHoldsTwoMomentsIsFound(@ForAll long one, @ForAll int distance) {
    long first = Math.min(one, one + distance);
    long last = Math.max(one, one + distance);

    Level level = Level.holding(first, last);

    for (Level lower : Level.values()) {
      if (lower.number() < level.number()) {
        assertThat(lower.slotOf(first)).isNotEqualTo(lower.slotOf(last));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void slotsAreAsWideAsTheirNameAndAlignedToTheEpoch(Level level) {
    BigInteger width = BigInteger.valueOf(3_600_000_000L * HOURS.getOrDefault(level, 0));

    assertThat(level.slotOf(0)).isZero();
    assertThat(level.slotOf(-1)).isEqualTo(-1);
    assertThat(level.lastMicrosOf(0)).isEqualTo(width.longValueExact() - 1);
    assertThat(level.firstMicrosOf(-1)).isEqualTo(-width.longValueExact());
  }

  @ParameterizedTest
  @EnumSource
  void theOutermostSlotsEndWithTime(Level level) {
    long lowest = level.slotOf(Long.MIN_VALUE);
    long highest = level.slotOf(Long.MAX_VALUE);

    assertThat(level.firstMicrosOf(lowest)).isEqualTo(Long.MIN_VALUE);
    assertThat(level.lastMicrosOf(highest)).isEqualTo(Long.MAX_VALUE);
    assertThat(level.lastMicrosOf(lowest)).isEqualTo(level.firstMicrosOf(lowest + 1) - 1);
    assertThat(level.firstMicrosOf(highest)).isEqualTo(level.lastMicrosOf(highest - 1) + 1);
  }

  @Test
  void everyLevelHoldsWholeSlotsOfTheOneBelow() {
    for (Level level : Level.values()) {
      if (level != Level.HOUR) {
        long first = level.firstMicrosOf(3);

        assertThat(level.below().firstMicrosOf(level.below().slotOf(first))).isEqualTo(first);
      }
    }
  }
}
