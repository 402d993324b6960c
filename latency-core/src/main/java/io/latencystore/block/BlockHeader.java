package io.latencystore.block;

import io.latencystore.StoreCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a block without decoding it.
 *
 * @param seriesId see {@link io.latencystore.Series#id()}
 * @param success the outcome of all its measurements
 * @param level the number of the {@link Level} of its slot
 * @param slot the slot it lies in
 * @param firstMicros its earliest timestamp
 * @param lastMicros its latest timestamp
 * @param count how many measurements it holds, from 1 to {@value BlockEncoder#MAX_COUNT}
 * @param sumMicros the sum of its latencies
 * @param minMicros its smallest latency
 * @param maxMicros its largest latency
 * @param sumOfSquares the sum of the squares of its latencies; null if that does not fit
 * @param encoding how the payload is encoded
 * @param crc32c CRC-32C over all of the above and the payload
 */
public record BlockHeader(
    long seriesId,
    boolean success,
    int level,
    long slot,
    long firstMicros,
    long lastMicros,
    int count,
    long sumMicros,
    long minMicros,
    long maxMicros,
    @Nullable Long sumOfSquares,
    int encoding,
    int crc32c) {

  private static final int CHECKED_LONGS = 12;

  /**
   * The header of measurements that are in no block; without sums, which may not fit.
   *
   * @param level the number of the level that they count to
   * @param slot the slot there
   * @param columns at least one of them, in the order of time
   */
  public static BlockHeader ofColumns(
      long seriesId, boolean success, int level, long slot, Columns columns) {
    int count = columns.size();
    long min = Long.MAX_VALUE;
    long max = 0;
    for (int i = 0; i < count; i++) {
      min = Math.min(min, columns.latencies()[i]);
      max = Math.max(max, columns.latencies()[i]);
    }
    return new BlockHeader(
        seriesId,
        success,
        level,
        slot,
        columns.timestamps()[0],
        columns.timestamps()[count - 1],
        count,
        0,
        min,
        max,
        null,
        0,
        0);
  }

  BlockHeader withCrc(byte[] payload, int length) {
    return new BlockHeader(
        seriesId,
        success,
        level,
        slot,
        firstMicros,
        lastMicros,
        count,
        sumMicros,
        minMicros,
        maxMicros,
        sumOfSquares,
        encoding,
        checksum(payload, length));
  }

  /**
   * Checks what can be checked without the payload.
   *
   * @throws StoreCorruptException if no encoder writes such a header
   */
  public void check() {
    boolean plausible =
        count >= 1
            && count <= BlockEncoder.MAX_COUNT
            && firstMicros <= lastMicros
            && minMicros >= 0
            && minMicros <= maxMicros
            && (sumOfSquares == null || sumOfSquares >= 0)
            && level >= 0
            && level <= Level.DAYS_1024.number()
            && Level.of(level).slotOf(firstMicros) == slot
            && Level.of(level).slotOf(lastMicros) == slot;
    if (!plausible) {
      throw new StoreCorruptException("a block's header contradicts itself: " + this, null);
    }
  }

  void checkCrc(byte[] payload) {
    if (checksum(payload, payload.length) != crc32c) {
      throw new StoreCorruptException("a block does not match its checksum: " + this, null);
    }
  }

  private int checksum(byte[] payload, int length) {
    ByteBuffer fields =
        ByteBuffer.allocate(CHECKED_LONGS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fields
        .putLong(seriesId)
        .putLong(success ? 1 : 0)
        .putLong(level)
        .putLong(slot)
        .putLong(firstMicros)
        .putLong(lastMicros)
        .putLong(count)
        .putLong(sumMicros)
        .putLong(minMicros)
        .putLong(maxMicros)
        .putLong(sumOfSquares == null ? -1 : sumOfSquares)
        .putLong(encoding)
        .flip();
    CRC32C crc = new CRC32C();
    crc.update(fields);
    crc.update(payload, 0, length);
    return (int) crc.getValue();
  }
}
