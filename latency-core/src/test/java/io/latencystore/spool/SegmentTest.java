package io.latencystore.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cells that are published, given up, or full of something else. */
final class SegmentTest {

  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(Segment.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final Segment segment = Segment.prepare(1, 0, buffer);
  private final List<String> found = new ArrayList<>();
  private final SpoolVisitor visitor =
      (series, success, timestamp, latency, metadata) ->
          found.add(
              series
                  + (success ? " ok " : " failed ")
                  + timestamp
                  + " "
                  + latency
                  + (metadata == null ? "" : " " + new String(metadata, UTF_8)));

  @Test
  void aRecordIsFoundAsItWasPublished() {
    segment.publish(0, 0, true, 1, 2);
    segment.publish(1, 0xff_ffff, false, Long.MIN_VALUE, Long.MAX_VALUE);
    segment.publish(2, 5, false, -1, 0, new byte[0]);
    segment.publish(3, 6, true, 3, 4, "x".repeat(33).getBytes(UTF_8));

    assertThat(segment.read(0, visitor)).isEqualTo(1);
    assertThat(segment.read(1, visitor)).isEqualTo(1);
    assertThat(segment.read(2, visitor)).isEqualTo(1);
    assertThat(segment.read(3, visitor)).isEqualTo(3);
    assertThat(segment.read(6, visitor)).isEqualTo(Segment.UNPUBLISHED);
    assertThat(found)
        .containsExactly(
            "0 ok 1 2",
            "16777215 failed " + Long.MIN_VALUE + " " + Long.MAX_VALUE,
            "5 failed -1 0 ",
            "6 ok 3 4 " + "x".repeat(33));
  }

  @Test
  void aCellThatWasGivenUpCannotBePublished() {
    assertThat(segment.abandon(0)).isEqualTo(1);
    assertThat(segment.abandon(1)).isEqualTo(1);

    assertThat(segment.publish(0, 1, true, 1, 1)).isFalse();
    assertThat(segment.publish(1, 1, true, 1, 1, new byte[40])).isFalse();
    assertThat(segment.read(0, visitor)).isEqualTo(1);
    assertThat(segment.isAbandoned()).isTrue();
    assertThat(found).isEmpty();
  }

  @Test
  void givingUpTouchesNothingThatIsPublished() {
    segment.publish(0, 1, true, 1, 1);
    segment.publish(1, 1, true, 2, 2, "y".repeat(100).getBytes(UTF_8));
    segment.skip(6, 10);

    assertThat(segment.abandon(0)).isEqualTo(1);
    assertThat(segment.abandon(1)).isEqualTo(5);
    assertThat(segment.abandon(6)).isEqualTo(10);

    assertThat(segment.isAbandoned()).isFalse();
    assertThat(segment.read(0, visitor)).isEqualTo(1);
    assertThat(segment.read(1, visitor)).isEqualTo(5);
    assertThat(segment.read(6, visitor)).isEqualTo(10);
    assertThat(found).hasSize(2);
  }

  @Test
  void whatAnotherProducerOrStretchWroteIsNotFound() {
    for (int index = 0; index < 100; index++) {
      segment.publish(index, 1, true, index, index);
    }
    Segment ofAnother = new Segment(2, 0, buffer);
    Segment later = new Segment(1, 1, buffer);
    for (int index = 0; index < 100; index++) {
      assertThat(ofAnother.read(index, visitor)).isEqualTo(Segment.DAMAGED);
      assertThat(later.read(index, visitor)).isEqualTo(Segment.DAMAGED);
    }
    assertThat(found).isEmpty();
  }

  @Test
  void aCellMovedElsewhereIsNotFound() {
    segment.publish(0, 1, true, 1, 1);
    for (int i = 0; i < Segment.CELL_BYTES; i++) {
      buffer.put(
          Segment.HEAD_BYTES + 7 * Segment.CELL_BYTES + i, buffer.get(Segment.HEAD_BYTES + i));
    }

    assertThat(segment.read(7, visitor)).isEqualTo(Segment.DAMAGED);
    assertThat(found).isEmpty();
  }

  @Test
  void aLengthThatReachesBeyondTheEndIsDamage() {
    int last = Segment.CELLS - 2;
    segment.publish(last, 1, true, 1, 1, new byte[32]);
    int at = Segment.HEAD_BYTES + last * Segment.CELL_BYTES + 24;
    for (long length : new long[] {33, 1L << 31, 1L << 40, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      buffer.putLong(at, length);

      assertThat(segment.read(last, visitor)).isEqualTo(Segment.DAMAGED);
      assertThat(segment.abandon(last)).isEqualTo(1);
    }
    buffer.putLong(at, 32);
    assertThat(segment.read(last, visitor)).isEqualTo(2);
  }

  @Test
  void preparingASegmentEmptiesIt() {
    for (int index = 0; index < Segment.CELLS; index++) {
      segment.publish(index, 1, true, index, index);
    }

    Segment next = Segment.prepare(1, 9, buffer);

    byte[] cells = new byte[Segment.BYTES - Segment.HEAD_BYTES];
    buffer.get(Segment.HEAD_BYTES, cells);
    assertThat(Arrays.equals(cells, new byte[cells.length])).isTrue();
    Segment recovered = Segment.recover(1, buffer);
    assertThat(recovered).isNotNull();
    assertThat(next.number()).isEqualTo(9);
    assertThat(Segment.recover(2, buffer)).isNull();
  }

  @Test
  void aSegmentThatIsBeingPreparedIsNotInUse() {
    buffer.putLong(16, -1);

    assertThat(Segment.recover(1, buffer)).isNull();
    assertThat(Segment.isUnused(buffer)).isTrue();
  }

  @Test
  void aBitFlippedAnywhereInARecordGivesNothingWrong() {
    int cells = 0;
    for (int n = 0; n < 30; n++) {
      byte[] metadata = "@".repeat(n * 5).getBytes(UTF_8);
      if (n % 2 == 0) {
        segment.publish(cells, n, true, 1_772_366_400_000_000L + n, n);
        cells++;
      } else {
        segment.publish(cells, n, false, n, 1_000L * n, metadata);
        cells += Segment.cells(metadata);
      }
    }
    readAll(cells);
    List<String> published = List.copyOf(found);
    assertThat(published).hasSize(30);
    for (int at = Segment.HEAD_BYTES; at < Segment.HEAD_BYTES + cells * Segment.CELL_BYTES; at++) {
      byte whole = buffer.get(at);
      for (int bit = 0; bit < 8; bit++) {
        buffer.put(at, (byte) (whole ^ 1 << bit));
        found.clear();

        readAll(cells);

        assertThat(published).as("bit %d of byte %d", bit, at).containsAll(found);
        assertThat(found).as("bit %d of byte %d", bit, at).hasSizeGreaterThanOrEqualTo(29);
        assertThat(found).doesNotHaveDuplicates();
      }
      buffer.put(at, whole);
    }
  }

  private void readAll(int cells) {
    for (int index = 0; index < cells; ) {
      int read = segment.read(index, visitor);
      index += read == Segment.UNPUBLISHED ? segment.cellsOfUnpublished(index) : Math.max(1, read);
    }
  }
}
