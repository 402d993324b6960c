package io.latencystore.block;

/**
 * Numbers from 0 to 2^63 − 1 in one to nine bytes, seven bits a byte, lowest first, the top bit set
 * on all but the last.
 */
final class Varint {

  static final int MAX_BYTES = 9;

  private Varint() {}

  /** Writes the value; returns where it ends. */
  static int write(byte[] to, int at, long value) {
    int position = at;
    long rest = value;
    while (rest >= 0x80) {
      to[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[position++] = (byte) rest;
    return position;
  }

  /** Reads the value at {@code at}. */
  static long read(byte[] from, int at, int end) {
    long value = 0;
    int limit = Math.min(end, at + MAX_BYTES);
    for (int i = at; i < limit; i++) {
      value |= (long) (from[i] & 0x7f) << (7 * (i - at));
      if (from[i] >= 0) {
        if (length(value) != i - at + 1) {
          throw PackedColumn.corrupt("a number is longer than it need be");
        }
        return value;
      }
    }
    throw PackedColumn.corrupt("a number does not end");
  }

  /** How many bytes the value takes. */
  static int length(long value) {
    return value == 0 ? 1 : (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7;
  }
}
