package io.latencystore.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.latencystore.StoreCorruptException;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class VarintTest {

  @Property
  void whatIsWrittenIsRead(
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long number,
      @ForAll @LongRange(min = 0, max = 62) long shift) {
    long value = number >>> shift;
    byte[] bytes = new byte[Varint.MAX_BYTES + 3];

    int end = Varint.write(bytes, 2, value);

    assertThat(end - 2).isEqualTo(Varint.length(value));
    assertThat(Varint.read(bytes, 2, end)).isEqualTo(value);
  }

  @Test
  void everyPowerOfTwoAndItsNeighboursAreRead() {
    byte[] bytes = new byte[Varint.MAX_BYTES];
    for (int bit = 0; bit < 63; bit++) {
      for (long value : new long[] {(1L << bit) - 1, 1L << bit, Long.MAX_VALUE - (1L << bit)}) {
        int end = Varint.write(bytes, 0, value);

        assertThat(Varint.read(bytes, 0, end)).isEqualTo(value);
      }
    }
    assertThat(Varint.write(bytes, 0, Long.MAX_VALUE)).isEqualTo(Varint.MAX_BYTES);
  }

  @Test
  void aNumberThatEndsTooLateIsCorrupt() {
    byte[] bytes = new byte[Varint.MAX_BYTES];
    int end = Varint.write(bytes, 0, Long.MAX_VALUE);

    for (int cut = 0; cut < end; cut++) {
      int shorter = cut;
      assertThatThrownBy(() -> Varint.read(bytes, 0, shorter))
          .isInstanceOf(StoreCorruptException.class);
    }
  }

  @Test
  void aNumberOfTenBytesIsCorrupt() {
    byte[] bytes = new byte[20];
    Arrays.fill(bytes, (byte) 0x80);
    bytes[9] = 1;

    assertThatThrownBy(() -> Varint.read(bytes, 0, 20)).isInstanceOf(StoreCorruptException.class);
  }

  @Test
  void aNumberIsWrittenInOneWayOnly() {
    byte[] zeroInTwoBytes = {(byte) 0x80, 0};
    byte[] oneInThreeBytes = {(byte) 0x81, (byte) 0x80, 0};

    assertThatThrownBy(() -> Varint.read(zeroInTwoBytes, 0, 2))
        .isInstanceOf(StoreCorruptException.class);
    assertThatThrownBy(() -> Varint.read(oneInThreeBytes, 0, 3))
        .isInstanceOf(StoreCorruptException.class);
  }
}
