package io.latencystore.block;

import io.latencystore.StoreCorruptException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The format of one column of numbers from 0 to 2^63 − 1: divided by their greatest common divisor,
 * then packed into as few bits as most of each 128 need, with the few larger ones patched.
 *
 * <pre>
 * column  = divisor:varint chunk*          divisor 0: all values are 0, and there are no chunks
 * chunk   = width:u8 exceptions:u8         for 128 values, or those that remain
 *           [high:u8 position:u8 × exceptions, high bits: packed(high) × exceptions]   if exceptions > 0
 *           low bits: packed(width) × values
 * packed  = little-endian, lowest bit first, filled up to a whole byte
 * value   = divisor × (low | high << width)
 * </pre>
 *
 * <p>The scheme is patched frame of reference: Zukowski, Héman, Nes and Boncz, "Super-Scalar
 * RAM-CPU Cache Compression", ICDE 2006.
 */
final class PackedColumn {

  static final int CHUNK = 128;

  /** Readers load eight bytes at once, so that many must follow the last byte of a buffer. */
  static final int PADDING = Long.BYTES + 1;

  private static final int MAX_WIDTH = 63;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private PackedColumn() {}

  /** The greatest common divisor of the values; 0 if all are 0. */
  static long divisor(long[] values, int from, int to) {
    long divisor = 0;
    for (int i = from; i < to && divisor != 1; i++) {
      long value = values[i];
      if (divisor == 0 || value % divisor != 0) {
        divisor = gcd(divisor, value);
      }
    }
    return divisor;
  }

  private static long gcd(long a, long b) {
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  /** How many bytes a chunk takes. */
  static int chunkBytes(long[] quotients, int from, int to) {
    return plan(quotients, from, to) >>> 16;
  }

  /** The cheapest width, and the bytes it takes: {@code bytes << 16 | exceptions << 8 | width}. */
  private static int plan(long[] quotients, int from, int to) {
    int[] ofLength = new int[MAX_WIDTH + 1];
    int longest = 0;
    for (int i = from; i < to; i++) {
      int length = Long.SIZE - Long.numberOfLeadingZeros(quotients[i]);
      ofLength[length]++;
      longest = Math.max(longest, length);
    }
    int count = to - from;
    int best = bytes(count * longest) << 16 | longest;
    int exceptions = 0;
    for (int width = longest - 1; width >= 0; width--) {
      exceptions += ofLength[width + 1];
      int size = 1 + exceptions + bytes(exceptions * (longest - width)) + bytes(count * width);
      if (size < best >>> 16) {
        best = size << 16 | exceptions << 8 | width;
      }
    }
    return best + (2 << 16);
  }

  private static int bytes(int bits) {
    return (bits + 7) >>> 3;
  }

  /** Writes a column of quotients; returns where it ends. */
  static int write(byte[] to, int at, long divisor, long[] quotients, int count) {
    int position = Varint.write(to, at, divisor);
    if (divisor == 0) {
      return position;
    }
    for (int from = 0; from < count; from += CHUNK) {
      position = writeChunk(to, position, quotients, from, Math.min(from + CHUNK, count));
    }
    return position;
  }

  private static int writeChunk(byte[] to, int at, long[] quotients, int from, int end) {
    int plan = plan(quotients, from, end);
    int width = plan & 0xff;
    int exceptions = plan >>> 8 & 0xff;
    int position = at;
    to[position++] = (byte) width;
    to[position++] = (byte) exceptions;
    if (exceptions > 0) {
      int highAt = position++;
      long[] high = new long[exceptions];
      int found = 0;
      int longest = 0;
      for (int i = from; i < end; i++) {
        long rest = quotients[i] >>> width;
        if (rest != 0) {
          high[found++] = rest;
          longest = Math.max(longest, Long.SIZE - Long.numberOfLeadingZeros(rest));
          to[position++] = (byte) (i - from);
        }
      }
      to[highAt] = (byte) longest;
      position = pack(to, position, high, 0, exceptions, longest);
    }
    return pack(to, position, quotients, from, end, width);
  }

  private static int pack(byte[] to, int at, long[] values, int from, int end, int width) {
    if (width == 0) {
      return at;
    }
    long mask = -1L >>> (Long.SIZE - width);
    long pending = 0;
    int filled = 0;
    int position = at;
    for (int i = from; i < end; i++) {
      long value = values[i] & mask;
      pending |= value << filled;
      filled += width;
      if (filled >= Long.SIZE) {
        LONG.set(to, position, pending);
        position += Long.BYTES;
        filled -= Long.SIZE;
        pending = filled == 0 ? 0 : value >>> (width - filled);
      }
    }
    for (; filled > 0; filled -= Byte.SIZE) {
      to[position++] = (byte) pending;
      pending >>>= Byte.SIZE;
    }
    return position;
  }

  /**
   * Reads a column into {@code values}; returns where it ends.
   *
   * @param from bytes, of which {@link #PADDING} follow {@code end}
   * @param at where the column begins
   * @param end where the bytes end that may belong to it
   * @param values room for {@code count} values
   * @throws StoreCorruptException if the column would reach beyond {@code end}, or is none
   */
  static int read(byte[] from, int at, int end, long[] values, int count) {
    long divisor = Varint.read(from, at, end);
    int position = at + Varint.length(divisor);
    if (divisor == 0) {
      java.util.Arrays.fill(values, 0, count, 0);
      return position;
    }
    for (int first = 0; first < count; first += CHUNK) {
      position = readChunk(from, position, end, values, first, Math.min(CHUNK, count - first));
    }
    if (divisor != 1) {
      for (int i = 0; i < count; i++) {
        values[i] *= divisor;
      }
    }
    return position;
  }

  private static int readChunk(byte[] from, int at, int end, long[] values, int first, int count) {
    int size = chunkLength(from, at, end, count);
    int width = from[at];
    int exceptions = from[at + 1] & 0xff;
    int lowAt = at + size - bytes(count * width);
    unpack(from, lowAt, values, first, count, width);
    if (exceptions > 0) {
      int high = from[at + 2];
      long[] rest = new long[exceptions];
      unpack(from, at + 3 + exceptions, rest, 0, exceptions, high);
      for (int i = 0; i < exceptions; i++) {
        int position = from[at + 3 + i];
        if (position < 0 || position >= count) {
          throw corrupt("an exception at " + position + " of " + count);
        }
        values[first + position] |= rest[i] << width;
      }
    }
    return at + size;
  }

  /** Where the column at {@code at} ends, without unpacking it. */
  static int skip(byte[] from, int at, int end, int count) {
    long divisor = Varint.read(from, at, end);
    int position = at + Varint.length(divisor);
    for (int first = 0; first < count && divisor != 0; first += CHUNK) {
      position += chunkLength(from, position, end, Math.min(CHUNK, count - first));
    }
    return position;
  }

  private static int chunkLength(byte[] from, int at, int end, int count) {
    if (at + 2 > end) {
      throw corrupt("the payload ends in a chunk's head");
    }
    int width = from[at];
    int exceptions = from[at + 1] & 0xff;
    int size = 2;
    if (exceptions > 0) {
      int high = at + 3 > end ? -1 : from[at + 2];
      if (exceptions > count || high < 0 || width + high > MAX_WIDTH) {
        throw corrupt(exceptions + " exceptions of " + high + " bits");
      }
      size += 1 + exceptions + bytes(exceptions * high);
    }
    if (width < 0 || width > MAX_WIDTH) {
      throw corrupt("a width of " + width + " bits");
    }
    size += bytes(count * width);
    if (at + size > end) {
      throw corrupt("the payload ends in a chunk");
    }
    return size;
  }

  private static void unpack(byte[] from, int at, long[] values, int first, int count, int width) {
    if (width == 0) {
      java.util.Arrays.fill(values, first, first + count, 0);
      return;
    }
    long mask = -1L >>> (Long.SIZE - width);
    int bit = at << 3;
    if (width <= Long.SIZE - 7) {
      for (int i = first; i < first + count; i++) {
        values[i] = (long) LONG.get(from, bit >>> 3) >>> (bit & 7) & mask;
        bit += width;
      }
    } else {
      for (int i = first; i < first + count; i++) {
        int shift = bit & 7;
        long low = (long) LONG.get(from, bit >>> 3) >>> shift;
        long high = shift == 0 ? 0 : (long) from[(bit >>> 3) + Long.BYTES] << (Long.SIZE - shift);
        values[i] = (low | high) & mask;
        bit += width;
      }
    }
  }

  static StoreCorruptException corrupt(String what) {
    return new StoreCorruptException("a block cannot be decoded: " + what, null);
  }
}
