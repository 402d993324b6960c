package io.latencystore.block;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the sorted measurements of one series and outcome into blocks, and encodes them.
 *
 * <pre>
 * payload  = times latencies               see {@link PackedColumn}; at most {@value #MAX_PAYLOAD} bytes
 * times    = column of count − 1 deltas    timestamp[0] = header.first, timestamp[i] = timestamp[i − 1] + delta[i − 1]
 * latencies= column of count differences   latency[i] = header.min + difference[i]
 * </pre>
 *
 * <p>Where it cuts:
 *
 * <ol>
 *   <li>at a slot's boundary (see {@link Level}), where a side has at least {@value #DENSE}
 *       measurements to stand alone; sparse neighbours stay together in a slot of the level above;
 *   <li>where the payload would exceed {@value #MAX_PAYLOAD} bytes, so that two rows fit in a page
 *       of 8 KiB, or the metadata {@value MetadataCodec#MAX_BYTES};
 *   <li>after {@value #MAX_COUNT} measurements, so that decoding needs bounded memory;
 *   <li>before the sum of the latencies would exceed 2^63 − 1.
 * </ol>
 *
 * <p>For one thread; keeps its buffers from block to block.
 */
final class BlockEncoder {

  /** The encoding drawn above. */
  static final int PACKED = 1;

  /** The most measurements in a block. */
  static final int MAX_COUNT = 32_768;

  /** The longest payload, in bytes. */
  static final int MAX_PAYLOAD = 3_968;

  /** How many measurements may have a slot to themselves. */
  static final int DENSE = 32;

  private static final int FIRST_GUESS = 1_024;
  private static final int LARGEST_CHUNK =
      3 + PackedColumn.CHUNK + 2 * PackedColumn.CHUNK * Long.BYTES;

  private final byte[] buffer = new byte[MAX_PAYLOAD + LARGEST_CHUNK + PackedColumn.PADDING];
  private long[] deltas = new long[FIRST_GUESS];
  private long[] differences = new long[FIRST_GUESS];

  /** Encodes all measurements in the columns, which are sorted by time. */
  void encode(long seriesId, boolean success, Columns columns, Consumer<Block> sink) {
    long[] timestamps = columns.timestamps();
    Level top = Level.DAYS_1024;
    for (int from = 0; from < columns.size(); ) {
      int to = endOfSlot(timestamps, from, columns.size(), top);
      cutAtSlots(timestamps, from, to, top, (a, b) -> fill(seriesId, success, columns, a, b, sink));
      from = to;
    }
  }

  /**
   * Encodes all measurements in the columns, which are sorted by time, without regard for slots:
   * each block is filled before the next begins, and lies at the lowest level that holds it.
   */
  void encodeUncut(long seriesId, boolean success, Columns columns, Consumer<Block> sink) {
    fill(seriesId, success, columns, 0, columns.size(), sink);
  }

  private interface Range {
    void accept(int from, int to);
  }

  /** Cuts a range that lies in one slot of the level. */
  private static void cutAtSlots(long[] timestamps, int from, int to, Level level, Range emit) {
    if (level == Level.HOUR
        || level.below().slotOf(timestamps[from]) == level.below().slotOf(timestamps[to - 1])) {
      if (level == Level.HOUR) {
        emit.accept(from, to);
      } else {
        cutAtSlots(timestamps, from, to, level.below(), emit);
      }
      return;
    }
    int sparseFrom = from;
    for (int slotFrom = from; slotFrom < to; ) {
      int slotTo = endOfSlot(timestamps, slotFrom, to, level.below());
      if (slotTo - slotFrom >= DENSE) {
        if (sparseFrom < slotFrom) {
          emit.accept(sparseFrom, slotFrom);
        }
        cutAtSlots(timestamps, slotFrom, slotTo, level.below(), emit);
        sparseFrom = slotTo;
      }
      slotFrom = slotTo;
    }
    if (sparseFrom < to) {
      emit.accept(sparseFrom, to);
    }
  }

  private static int endOfSlot(long[] timestamps, int from, int to, Level level) {
    long lastMicros = level.lastMicrosOf(level.slotOf(timestamps[from]));
    if (timestamps[to - 1] <= lastMicros) {
      return to;
    }
    int end = from + 1;
    while (timestamps[end] <= lastMicros) {
      end++;
    }
    return end;
  }

  /** Fills block after block with a range that lies in one slot. */
  private void fill(
      long seriesId, boolean success, Columns columns, int from, int to, Consumer<Block> sink) {
    int guess = FIRST_GUESS;
    for (int first = from; first < to; ) {
      int fitting = countInBlock(columns, first, to, guess);
      sink.accept(encodeBlock(seriesId, success, columns, first, first + fitting));
      first += fitting;
      guess = Math.max(PackedColumn.CHUNK, fitting + fitting / 4);
    }
  }

  /**
   * How many measurements from {@code first} on go into one block: looks at {@code guess} of them,
   * then at more.
   */
  private int countInBlock(Columns columns, int first, int to, int guess) {
    for (long looked = guess; ; looked *= 2) {
      int wanted = (int) Math.min(to - first, looked);
      int bounded = countWithinBounds(columns, first, first + wanted);
      int fitting = countThatFits(columns, first, first + bounded);
      if (fitting < wanted || first + wanted == to) {
        return fitting;
      }
    }
  }

  /**
   * How many measurements from {@code first} on keep within the bounds on count, sum and metadata.
   */
  private static int countWithinBounds(Columns columns, int first, int to) {
    long[] latencies = columns.latencies();
    int end = Math.min(to, first + MAX_COUNT);
    long sum = 0;
    int metadataBytes = 0;
    for (int i = first; i < end; i++) {
      sum += latencies[i];
      metadataBytes += MetadataCodec.bytes(columns.metadata(i));
      if (sum < 0 || (metadataBytes > MetadataCodec.MAX_BYTES && i > first)) {
        return i - first;
      }
    }
    return end - first;
  }

  /** How many measurements from {@code first} on surely fit in a payload; at least one. */
  private int countThatFits(Columns columns, int first, int end) {
    int count = end - first;
    prepare(columns, first, end);
    long timeDivisor = divide(deltas, count - 1);
    long latencyDivisor = divide(differences, count);
    int bytes = 2 * Varint.MAX_BYTES;
    for (int from = 0; from < count; from += PackedColumn.CHUNK) {
      int to = Math.min(from + PackedColumn.CHUNK, count);
      int chunk = chunkBytes(timeDivisor, latencyDivisor, from, to, count);
      if (bytes + chunk > MAX_PAYLOAD) {
        // Part of a chunk: every width is at most the whole chunk's, so a share of its bytes is
        // nearly always enough.
        int part = from + (to - from) * (MAX_PAYLOAD - bytes) / chunk;
        while (part > from
            && bytes + chunkBytes(timeDivisor, latencyDivisor, from, part, count) > MAX_PAYLOAD) {
          part--;
        }
        return Math.max(1, part);
      }
      bytes += chunk;
    }
    return count;
  }

  private int chunkBytes(long timeDivisor, long latencyDivisor, int from, int to, int count) {
    int lastDelta = Math.min(to, count - 1);
    int times =
        timeDivisor == 0 || from >= lastDelta
            ? 0
            : PackedColumn.chunkBytes(deltas, from, lastDelta);
    return times + (latencyDivisor == 0 ? 0 : PackedColumn.chunkBytes(differences, from, to));
  }

  private Block encodeBlock(long seriesId, boolean success, Columns columns, int from, int to) {
    int count = to - from;
    long[] timestamps = columns.timestamps();
    long[] latencies = columns.latencies();
    long minMicros = prepare(columns, from, to);
    long timeDivisor = divide(deltas, count - 1);
    int end = PackedColumn.write(buffer, 0, timeDivisor, deltas, count - 1);
    long latencyDivisor = divide(differences, count);
    end = PackedColumn.write(buffer, end, latencyDivisor, differences, count);
    if (end > MAX_PAYLOAD) {
      throw new IllegalStateException(
          count + " measurements take " + end + " bytes, not what was planned");
    }
    long sum = 0;
    long maxMicros = 0;
    for (int i = from; i < to; i++) {
      sum += latencies[i];
      maxMicros = Math.max(maxMicros, latencies[i]);
    }
    Level level = Level.holding(timestamps[from], timestamps[to - 1]);
    BlockHeader header =
        new BlockHeader(
                seriesId,
                success,
                level.number(),
                level.slotOf(timestamps[from]),
                timestamps[from],
                timestamps[to - 1],
                count,
                sum,
                minMicros,
                maxMicros,
                sumOfSquares(latencies, from, to, maxMicros),
                PACKED,
                0)
            .withCrc(buffer, end);
    return new Block(
        header,
        Arrays.copyOf(buffer, end),
        MetadataCodec.encode(columns, from, to, header.crc32c()));
  }

  private static @Nullable Long sumOfSquares(long[] latencies, int from, int to, long maxMicros) {
    if (maxMicros > Integer.MAX_VALUE
        || (double) maxMicros * maxMicros * (to - from) >= Long.MAX_VALUE) {
      return null;
    }
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += latencies[i] * latencies[i];
    }
    return sum;
  }

  /** Fills the deltas and differences of a range; returns its smallest latency. */
  private long prepare(Columns columns, int from, int to) {
    int count = to - from;
    if (differences.length < count) {
      deltas = new long[count];
      differences = new long[count];
    }
    long[] timestamps = columns.timestamps();
    long[] latencies = columns.latencies();
    long min = Long.MAX_VALUE;
    for (int i = from; i < to; i++) {
      min = Math.min(min, latencies[i]);
    }
    for (int i = 0; i < count; i++) {
      differences[i] = latencies[from + i] - min;
    }
    for (int i = 0; i < count - 1; i++) {
      deltas[i] = timestamps[from + i + 1] - timestamps[from + i];
    }
    return min;
  }

  /** Divides the values by their greatest common divisor, and returns that. */
  private static long divide(long[] values, int count) {
    long divisor = PackedColumn.divisor(values, 0, count);
    if (divisor > 1) {
      for (int i = 0; i < count; i++) {
        values[i] /= divisor;
      }
    }
    return divisor;
  }
}
