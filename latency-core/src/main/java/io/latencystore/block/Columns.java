package io.latencystore.block;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Measurements as growing arrays, one for each column: what is encoded, and what decoding fills.
 * Reused from block to block, so the arrays may be longer than {@link #size}. For one thread.
 */
public final class Columns {

  private static final int FIRST_CAPACITY = 64;
  private static final int RUN = 16;

  private long[] timestamps = new long[FIRST_CAPACITY];
  private long[] latencies = new long[FIRST_CAPACITY];
  private @Nullable String @Nullable [] metadata;
  private long[] spare = new long[0];
  private int[] order = new int[0];
  private int[] spareOrder = new int[0];
  private int size;
  private boolean sorted = true;

  /** How many measurements there are. */
  public int size() {
    return size;
  }

  /** Timestamps in microseconds since the epoch, valid below {@link #size}. */
  public long[] timestamps() {
    return timestamps;
  }

  /** Latencies in microseconds, valid below {@link #size}. */
  public long[] latencies() {
    return latencies;
  }

  /** The metadata of one measurement, or null. */
  public @Nullable String metadata(int index) {
    return metadata == null ? null : metadata[index];
  }

  /** Adds a measurement behind the others. */
  public void add(long timestampMicros, long latencyMicros, @Nullable String text) {
    if (size == timestamps.length) {
      reserve(size * 2);
    }
    sorted &= size == 0 || timestamps[size - 1] <= timestampMicros;
    timestamps[size] = timestampMicros;
    latencies[size] = latencyMicros;
    if (text != null) {
      setMetadata(size, text);
    }
    size++;
  }

  void setMetadata(int index, String text) {
    if (metadata == null) {
      metadata = new @Nullable String[timestamps.length];
    }
    metadata[index] = text;
  }

  boolean hasMetadata() {
    return metadata != null;
  }

  /** Makes room for {@code count} measurements, which the caller writes into the arrays. */
  void resize(int count) {
    if (count > timestamps.length) {
      reserve(count);
    }
    metadata = null;
    size = count;
  }

  /** Empties them, to be filled again. */
  public void clear() {
    resize(0);
    sorted = true;
  }

  private void reserve(int capacity) {
    timestamps = Arrays.copyOf(timestamps, capacity);
    latencies = Arrays.copyOf(latencies, capacity);
    if (metadata != null) {
      metadata = Arrays.copyOf(metadata, capacity);
    }
  }

  /**
   * Removes what is before a moment, and keeps the rest in its order; returns how many that were.
   */
  int removeBefore(long micros) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (timestamps[i] >= micros) {
        timestamps[kept] = timestamps[i];
        latencies[kept] = latencies[i];
        if (metadata != null) {
          metadata[kept] = metadata[i];
        }
        kept++;
      }
    }
    int removed = size - kept;
    if (metadata != null) {
      Arrays.fill(metadata, kept, size, null);
    }
    size = kept;
    return removed;
  }

  /** Sorts by timestamp; measurements with equal ones stay in their order. */
  public void sort() {
    if (sorted) {
      return;
    }
    int[] order = sortedOrder();
    timestamps = inOrder(timestamps, order);
    latencies = inOrder(latencies, order);
    @Nullable String @Nullable [] texts = metadata;
    if (texts != null) {
      @Nullable String[] moved = new @Nullable String[texts.length];
      for (int i = 0; i < size; i++) {
        moved[i] = texts[order[i]];
      }
      metadata = moved;
    }
    sorted = true;
  }

  /** The values in another order, in the spare array; the values' own is spare then. */
  private long[] inOrder(long[] values, int[] order) {
    long[] moved = spare.length == values.length ? spare : new long[values.length];
    for (int i = 0; i < size; i++) {
      moved[i] = values[order[i]];
    }
    spare = values;
    return moved;
  }

  /**
   * Insertion sort of short runs of indexes, then a bottom-up merge sort of those: linear for the
   * nearly sorted input that is usual here.
   */
  private int[] sortedOrder() {
    if (order.length < size) {
      order = new int[timestamps.length];
      spareOrder = new int[timestamps.length];
    }
    int[] from = order;
    int[] to = spareOrder;
    for (int left = 0; left < size; left += RUN) {
      sortRun(from, left, Math.min(left + RUN, size));
    }
    for (int width = RUN; width < size; width *= 2) {
      for (int left = 0; left < size; left += 2 * width) {
        int middle = Math.min(left + width, size);
        int right = Math.min(left + 2 * width, size);
        if (middle == right || timestamps[from[middle - 1]] <= timestamps[from[middle]]) {
          System.arraycopy(from, left, to, left, right - left);
        } else {
          merge(from, to, left, middle, right);
        }
      }
      int[] swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  private void sortRun(int[] indexes, int left, int right) {
    for (int i = left; i < right; i++) {
      long timestamp = timestamps[i];
      int at = i;
      while (at > left && timestamps[indexes[at - 1]] > timestamp) {
        indexes[at] = indexes[at - 1];
        at--;
      }
      indexes[at] = i;
    }
  }

  private void merge(int[] from, int[] to, int left, int middle, int right) {
    int a = left;
    int b = middle;
    for (int i = left; i < right; i++) {
      boolean takeLeft = b == right || (a < middle && timestamps[from[a]] <= timestamps[from[b]]);
      to[i] = takeLeft ? from[a++] : from[b++];
    }
  }
}
