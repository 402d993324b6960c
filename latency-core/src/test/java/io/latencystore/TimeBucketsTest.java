package io.latencystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class TimeBucketsTest {

  @Property
  void aMomentLiesInTheBucketOfItsFlooredQuotient(
      @ForAll long micros,
      @ForAll long origin,
      @ForAll @LongRange(min = 1, max = Long.MAX_VALUE) long anyWidth,
      @ForAll @LongRange(min = 0, max = 62) long shift) {
    long width = Math.max(1, anyWidth >>> shift);
    TimeBuckets buckets = TimeBuckets.of(Micros.toDuration(width), Micros.toInstant(origin));

    long start = buckets.startOf(micros);
    long after = buckets.after(start);

    BigInteger wide = BigInteger.valueOf(width);
    BigInteger into = BigInteger.valueOf(micros).subtract(BigInteger.valueOf(origin)).mod(wide);
    BigInteger expected = BigInteger.valueOf(micros).subtract(into);
    assertThat(BigInteger.valueOf(start))
        .isEqualTo(expected.max(BigInteger.valueOf(Long.MIN_VALUE)));
    assertThat(BigInteger.valueOf(after))
        .isEqualTo(expected.add(wide).min(BigInteger.valueOf(Long.MAX_VALUE)));
  }

  @Property
  void theNumberOfBucketsOfAWidthIsExact(
      @ForAll long one,
      @ForAll @LongRange(min = 0, max = 10_000_000) long distance,
      @ForAll @LongRange(min = 1, max = 100_000) long width) {
    long first = Math.min(one, Long.MAX_VALUE - distance);
    TimeBuckets buckets = TimeBuckets.of(Micros.toDuration(width), Micros.toInstant(7));

    double count = buckets.count(first, first + distance);

    BigInteger wide = BigInteger.valueOf(width);
    assertThat(count)
        .isEqualTo(
            floorDiv(first + distance, wide).subtract(floorDiv(first, wide)).doubleValue() + 1);
  }

  private static BigInteger floorDiv(long micros, BigInteger width) {
    BigInteger relative = BigInteger.valueOf(micros).subtract(BigInteger.valueOf(7));
    return relative.subtract(relative.mod(width)).divide(width);
  }

  @Test
  void bucketsAgreeWithThoseOfOthers() throws IOException {
    Path vectors =
        Path.of(
            System.getProperty("latency.outsideData", "none"),
            "refs",
            "timebucket_vectors_int.csv");
    assumeTrue(Files.exists(vectors), "the folder of outside data is missing: " + vectors);

    List<String> lines = Files.readAllLines(vectors);

    assertThat(lines).hasSizeGreaterThan(30);
    for (String line : lines.subList(1, lines.size())) {
      List<Long> numbers =
          List.of(line.split(",", -1)).subList(1, 5).stream().map(Long::valueOf).toList();
      TimeBuckets buckets =
          TimeBuckets.of(Micros.toDuration(numbers.get(0)), Micros.toInstant(numbers.get(1)));
      assertThat(buckets.startOf(numbers.get(2))).as(line).isEqualTo(numbers.get(3));
    }
  }

  @Test
  void aWidthOfNothingOrOfPartsOfAMicrosecondIsRefused() {
    for (Duration width :
        List.of(
            Duration.ZERO,
            Duration.ofNanos(-1_000),
            Duration.ofNanos(999),
            Duration.ofNanos(1_001),
            Duration.ofSeconds(Long.MAX_VALUE))) {
      assertThatThrownBy(() -> TimeBuckets.of(width))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(width.toString());
    }
  }

  @Test
  void aDayThatTheCalendarSkippedHasNoBucket() {
    TimeBuckets days = TimeBuckets.days(ZoneId.of("Pacific/Apia"));
    long before = Micros.ofTimestamp(Instant.parse("2011-12-29T12:00:00Z"));

    long start = days.startOf(before);
    long next = days.after(start);

    assertThat(Micros.toInstant(start)).isEqualTo(Instant.parse("2011-12-29T10:00:00Z"));
    assertThat(Micros.toInstant(next)).isEqualTo(Instant.parse("2011-12-30T10:00:00Z"));
    assertThat(Micros.toInstant(days.after(next))).isEqualTo(Instant.parse("2011-12-31T10:00:00Z"));
  }

  @Test
  void aDayThatBeginsAfterMidnightBeginsThere() {
    TimeBuckets days = TimeBuckets.days(ZoneId.of("America/Sao_Paulo"));
    long noon = Micros.ofTimestamp(Instant.parse("2018-11-04T12:00:00Z"));

    assertThat(Micros.toInstant(days.startOf(noon)))
        .isEqualTo(Instant.parse("2018-11-04T03:00:00Z"));
  }

  @Test
  void monthsHaveTheirOwnLengths() {
    TimeBuckets months = TimeBuckets.months(ZoneId.of("UTC"));
    long leapDay = Micros.ofTimestamp(Instant.parse("2028-02-29T23:59:59Z"));

    long start = months.startOf(leapDay);

    assertThat(Micros.toInstant(start)).isEqualTo(Instant.parse("2028-02-01T00:00:00Z"));
    assertThat(Micros.toInstant(months.after(start)))
        .isEqualTo(Instant.parse("2028-03-01T00:00:00Z"));
  }
}
