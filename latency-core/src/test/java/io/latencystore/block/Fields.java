package io.latencystore.block;

import org.jspecify.annotations.Nullable;

/** The fields of a header, to be changed. */
final class Fields {

  static final int COUNT = 13;

  long seriesId;
  boolean success;
  int level;
  long slot;
  long firstMicros;
  long lastMicros;
  int count;
  long sumMicros;
  long minMicros;
  long maxMicros;
  @Nullable Long sumOfSquares;
  int encoding;
  int crc32c;

  Fields(BlockHeader header) {
    seriesId = header.seriesId();
    success = header.success();
    level = header.level();
    slot = header.slot();
    firstMicros = header.firstMicros();
    lastMicros = header.lastMicros();
    count = header.count();
    sumMicros = header.sumMicros();
    minMicros = header.minMicros();
    maxMicros = header.maxMicros();
    sumOfSquares = header.sumOfSquares();
    encoding = header.encoding();
    crc32c = header.crc32c();
  }

  /** Flips a bit of a field; of narrow fields, one of the bits they have. */
  void flip(int field, int bit) {
    long mask = 1L << bit;
    int intMask = 1 << bit % Integer.SIZE;
    switch (field) {
      case 0 -> seriesId ^= mask;
      case 1 -> success = !success;
      case 2 -> level ^= intMask;
      case 3 -> slot ^= mask;
      case 4 -> firstMicros ^= mask;
      case 5 -> lastMicros ^= mask;
      case 6 -> count ^= intMask;
      case 7 -> sumMicros ^= mask;
      case 8 -> minMicros ^= mask;
      case 9 -> maxMicros ^= mask;
      case 10 ->
          sumOfSquares =
              sumOfSquares == null ? Long.valueOf(bit) : Long.valueOf(sumOfSquares ^ mask);
      case 11 -> encoding ^= intMask;
      default -> crc32c ^= intMask;
    }
  }

  BlockHeader header() {
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
        crc32c);
  }
}
