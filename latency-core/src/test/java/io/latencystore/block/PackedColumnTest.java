package io.latencystore.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.latencystore.StoreCorruptException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PackedColumnTest {

  private static final int AT = 5;

  /** What was written, with noise behind it, and how far it reaches. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Written(byte[] bytes, int end) {}

  private static Written write(long[] values) {
    long divisor = PackedColumn.divisor(values, 0, values.length);
    long[] quotients = values.clone();
    if (divisor > 1) {
      for (int i = 0; i < values.length; i++) {
        quotients[i] /= divisor;
      }
    }
    byte[] bytes = new byte[AT + 9 + values.length * 9 + 2_000];
    new Random(values.length).nextBytes(bytes);
    int end = PackedColumn.write(bytes, AT, divisor, quotients, values.length);
    return new Written(bytes, end);
  }

  private static void assertReadsBack(long[] values) {
    Written written = write(values);
    long[] read = new long[values.length + 3];
    Arrays.fill(read, -1);

    int end = PackedColumn.read(written.bytes, AT, written.end, read, values.length);

    assertThat(Arrays.copyOf(read, values.length)).isEqualTo(values);
    assertThat(end).isEqualTo(written.end);
    assertThat(PackedColumn.skip(written.bytes, AT, written.end, values.length)).isEqualTo(end);
    assertThat(Arrays.copyOfRange(read, values.length, read.length))
        .as("nothing is written behind the values")
        .containsOnly(-1);
  }

  @Property(tries = 3_000)
  void valuesOfAnyWidthWithLargerExceptionsAreReadBack(
      @ForAll @IntRange(min = 0, max = 63) int width,
      @ForAll @IntRange(min = 0, max = 63) int exceptionWidth,
      @ForAll @IntRange(min = 0, max = 400) int count,
      @ForAll @IntRange(min = 1, max = 40) int exceptionEvery,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    Random random = new Random(seed);
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      boolean exception = random.nextInt(exceptionEvery) == 0;
      values[i] = ofWidth(random, exception ? exceptionWidth : width);
    }

    assertReadsBack(values);
  }

  private static long ofWidth(Random random, int width) {
    return width == 0 ? 0 : random.nextLong() >>> (Long.SIZE - width);
  }

  @Test
  void everyWidthIsReadBackFull() {
    for (int width = 0; width <= 63; width++) {
      for (int count : new int[] {1, 2, 7, 8, 9, 127, 128, 129, 256}) {
        long[] values = new long[count];
        Arrays.fill(values, width == 0 ? 0 : -1L >>> (Long.SIZE - width));
        values[0] = width == 0 ? 0 : 1;

        assertReadsBack(values);
      }
    }
  }

  @Test
  void oneExceptionAtEachPositionIsReadBack() {
    for (int position = 0; position < PackedColumn.CHUNK; position++) {
      long[] values = new long[PackedColumn.CHUNK];
      Arrays.fill(values, 3);
      values[position] = Long.MAX_VALUE;

      assertReadsBack(values);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 1_000, 1_000_000, 1_000_000_007, 1L << 61, Long.MAX_VALUE})
  void multiplesAreDividedAndReadBack(long unit) {
    Random random = new Random(unit);
    long[] values = new long[300];
    for (int i = 0; i < values.length; i++) {
      values[i] = unit * random.nextInt((int) Math.min(1_000, Long.MAX_VALUE / unit) + 1);
    }
    values[17] = unit;

    assertReadsBack(values);
    assertThat(PackedColumn.divisor(values, 0, values.length)).isEqualTo(unit);
  }

  @Test
  void zerosTakeOneByte() {
    Written written = write(new long[5_000]);

    assertThat(written.end - AT).isEqualTo(1);
    assertReadsBack(new long[5_000]);
  }

  @Test
  void noValuesAreReadBack() {
    assertReadsBack(new long[0]);
  }

  @Property(tries = 500)
  void aChunkTakesTheBytesThatWereForeseen(
      @ForAll @IntRange(min = 1, max = 128) int count,
      @ForAll @IntRange(min = 0, max = 63) int width,
      @ForAll long seed) {
    Random random = new Random(seed);
    long[] quotients = new long[count];
    for (int i = 0; i < count; i++) {
      quotients[i] = ofWidth(random, random.nextInt(width + 1));
    }
    byte[] bytes = new byte[4_000];

    int end = PackedColumn.write(bytes, 0, 1, quotients, count);

    assertThat(end).isEqualTo(1 + PackedColumn.chunkBytes(quotients, 0, count));
  }

  @Property(tries = 300)
  void aColumnThatEndsEarlyIsCorrupt(
      @ForAll @IntRange(min = 1, max = 300) int count,
      @ForAll @IntRange(min = 1, max = 63) int width,
      @ForAll long seed) {
    Random random = new Random(seed);
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = ofWidth(random, width) | 1;
    }
    Written written = write(values);
    int cut = AT + random.nextInt(written.end - AT);

    assertThatThrownBy(() -> PackedColumn.read(written.bytes, AT, cut, new long[count], count))
        .isInstanceOf(StoreCorruptException.class);
    assertThatThrownBy(() -> PackedColumn.skip(written.bytes, AT, cut, count))
        .isInstanceOf(StoreCorruptException.class);
  }
}
