package io.latencystore.sqlite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The pages of a SQLite database that is written by hand, one behind the other; the first has the
 * number 1. Filled again and again, so that what is in a page that was just added is anything. For
 * one thread.
 */
final class ImagePages {

  /** The largest page there is, so that no row needs a second one. */
  static final int PAGE = 65_536;

  /** Where the first page says how many there are. */
  private static final int COUNT_AT = 28;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[0];
  private int count;

  /** Begins anew with some pages. */
  void begin(byte[] first) {
    count = first.length / PAGE;
    reserve();
    System.arraycopy(first, 0, bytes, 0, first.length);
  }

  private void reserve() {
    if (count * PAGE > bytes.length) {
      bytes = Arrays.copyOf(bytes, (count + count / 4) * PAGE);
    }
  }

  /** Adds a page; returns its number. {@link #bytes} may be others then. */
  int add() {
    count++;
    reserve();
    return count;
  }

  /** Adds a page with what is in another one; returns its number. */
  int addCopy(int page) {
    int copy = add();
    System.arraycopy(bytes, at(page), bytes, at(copy), PAGE);
    return copy;
  }

  /** Where a page begins. */
  static int at(int page) {
    return (page - 1) * PAGE;
  }

  /** What is in the pages, until one is added; behind them is anything. */
  byte[] bytes() {
    return bytes;
  }

  void putShort(int at, int value) {
    SHORTS.set(bytes, at, (short) value);
  }

  void putInt(int at, int value) {
    INTS.set(bytes, at, value);
  }

  void putLong(int at, long value) {
    LONGS.set(bytes, at, value);
  }

  /** The database, which may have more pages than it says; valid until it begins anew. */
  byte[] finish() {
    putInt(COUNT_AT, count);
    return bytes;
  }
}
