package io.latencystore.block;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The measurements of a batch one by one in the order of time, valid until the batch changes. For
 * one thread.
 */
public final class TimeOrdered {

  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = 1 << DIGIT_BITS;

  private long[] timestamps = new long[0];
  private long[] latencies = new long[0];
  private long[] seriesIds = new long[0];
  private boolean[] successes = new boolean[0];
  private @Nullable String @Nullable [] metadata;
  private int[] order = new int[0];
  private int[] spareOrder = new int[0];
  private int size;

  void clear() {
    size = 0;
    metadata = null;
  }

  /** Adds what is in some columns, behind the others until {@link #sort}. */
  void add(long seriesId, boolean success, Columns columns) {
    int from = size;
    size += columns.size();
    if (size > timestamps.length) {
      reserve(Math.max(size, 2 * timestamps.length));
    }
    System.arraycopy(columns.timestamps(), 0, timestamps, from, columns.size());
    System.arraycopy(columns.latencies(), 0, latencies, from, columns.size());
    Arrays.fill(seriesIds, from, size, seriesId);
    Arrays.fill(successes, from, size, success);
    if (columns.hasMetadata()) {
      addMetadata(from, columns);
    }
  }

  private void addMetadata(int from, Columns columns) {
    @Nullable String @Nullable [] texts = metadata;
    if (texts == null) {
      texts = new @Nullable String[timestamps.length];
      metadata = texts;
    }
    for (int i = 0; i < columns.size(); i++) {
      texts[from + i] = columns.metadata(i);
    }
  }

  private void reserve(int capacity) {
    timestamps = Arrays.copyOf(timestamps, capacity);
    latencies = Arrays.copyOf(latencies, capacity);
    seriesIds = Arrays.copyOf(seriesIds, capacity);
    successes = Arrays.copyOf(successes, capacity);
    if (metadata != null) {
      metadata = Arrays.copyOf(metadata, capacity);
    }
    order = new int[capacity];
    spareOrder = new int[capacity];
  }

  /**
   * Sorts by timestamp, least significant digit first (Knuth, The Art of Computer Programming 3,
   * 5.2.5): times of a batch lie close together, so that there are few digits.
   */
  void sort() {
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (int i = 0; i < size; i++) {
      least = Math.min(least, timestamps[i]);
      greatest = Math.max(greatest, timestamps[i]);
      order[i] = i;
    }
    // The span is unsigned: it may be wider than a signed number holds.
    int bits = size == 0 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(greatest - least);
    for (int shift = 0; shift < bits; shift += DIGIT_BITS) {
      sortByDigit(least, shift);
    }
  }

  private void sortByDigit(long least, int shift) {
    int[] ends = new int[DIGITS];
    for (int i = 0; i < size; i++) {
      ends[digit(timestamps[i] - least, shift)]++;
    }
    for (int digit = 1; digit < DIGITS; digit++) {
      ends[digit] += ends[digit - 1];
    }
    for (int i = size - 1; i >= 0; i--) {
      int index = order[i];
      spareOrder[--ends[digit(timestamps[index] - least, shift)]] = index;
    }
    int[] sorted = spareOrder;
    spareOrder = order;
    order = sorted;
  }

  private static int digit(long sinceLeast, int shift) {
    return (int) (sinceLeast >>> shift) & (DIGITS - 1);
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** When it was, in microseconds since the epoch. */
  public long timestampMicros(int index) {
    return timestamps[order[index]];
  }

  /** How long it took, in microseconds. */
  public long latencyMicros(int index) {
    return latencies[order[index]];
  }

  /** See {@link io.latencystore.Series#id()}. */
  public long seriesId(int index) {
    return seriesIds[order[index]];
  }

  /** Its outcome. */
  public boolean success(int index) {
    return successes[order[index]];
  }

  /** Its metadata, or null. */
  public @Nullable String metadata(int index) {
    return metadata == null ? null : metadata[order[index]];
  }
}
