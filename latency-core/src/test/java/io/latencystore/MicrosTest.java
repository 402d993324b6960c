package io.latencystore;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class MicrosTest {

  @Property
  void everyMicrosecondIsAMoment(@ForAll long micros, @ForAll @IntRange(max = 999) int nanos) {
    Instant moment = Micros.toInstant(micros);

    assertThat(Micros.ofTimestamp(moment.plusNanos(nanos))).isEqualTo(micros);
    assertThat(Micros.clamped(moment.plusNanos(nanos))).isEqualTo(micros);
    assertThat(
            BigInteger.valueOf(moment.getEpochSecond())
                .multiply(BigInteger.valueOf(1_000_000))
                .add(BigInteger.valueOf(moment.getNano() / 1_000)))
        .isEqualTo(BigInteger.valueOf(micros));
  }

  @Property
  void everyLatencyIsADuration(
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long micros,
      @ForAll @IntRange(max = 999) int nanos) {
    Duration duration = Micros.toDuration(micros);

    assertThat(Micros.ofLatency(duration.plusNanos(nanos))).isEqualTo(micros);
  }

  @Test
  void theEndsOfTheRangeAreMoments() {
    for (long micros :
        new long[] {
          Long.MIN_VALUE, Long.MIN_VALUE + 1, -1_000_001, -1_000_000, -1, 0, 1, Long.MAX_VALUE
        }) {
      assertThat(Micros.ofTimestamp(Micros.toInstant(micros))).isEqualTo(micros);
    }
  }

  @Test
  void whatIsBeyondTheRangeIsClampedToItsEnd() {
    assertThat(Micros.clamped(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    assertThat(Micros.clamped(Instant.MIN)).isEqualTo(Long.MIN_VALUE);
    assertThat(Micros.clamped(Micros.toInstant(Long.MAX_VALUE).plusNanos(1_000)))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(Micros.clamped(Micros.toInstant(Long.MIN_VALUE).minusNanos(1)))
        .isEqualTo(Long.MIN_VALUE);
  }
}
