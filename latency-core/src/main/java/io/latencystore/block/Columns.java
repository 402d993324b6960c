package io.latencystore.block;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Measurements as growing arrays, one for each column: what is encoded, and what decoding fills.
 * Reused from block to block, so the arrays may be longer than {@link #size}. For one thread.
 */
public final class Columns {

  private static final int FIRST_CAPACITY = 64;

  private long[] timestamps = new long[FIRST_CAPACITY];
  private long[] latencies = new long[FIRST_CAPACITY];
  private @Nullable String @Nullable [] metadata;
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

  void add(long timestampMicros, long latencyMicros, @Nullable String text) {
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

  void clear() {
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

  /** Sorts by timestamp; measurements with equal ones stay in their order. */
  void sort() {
    if (sorted) {
      return;
    }
    int[] order = sortedOrder();
    long[] oldTimestamps = timestamps;
    long[] oldLatencies = latencies;
    @Nullable String @Nullable [] oldMetadata = metadata;
    timestamps = new long[oldTimestamps.length];
    latencies = new long[oldLatencies.length];
    @Nullable String[] newMetadata =
        oldMetadata == null ? new @Nullable String[0] : new @Nullable String[oldMetadata.length];
    for (int i = 0; i < size; i++) {
      timestamps[i] = oldTimestamps[order[i]];
      latencies[i] = oldLatencies[order[i]];
      if (oldMetadata != null) {
        newMetadata[i] = oldMetadata[order[i]];
      }
    }
    metadata = oldMetadata == null ? null : newMetadata;
    sorted = true;
  }

  /** Bottom-up merge sort of the indexes: linear for the nearly sorted input that is usual here. */
  private int[] sortedOrder() {
    int[] from = new int[size];
    for (int i = 0; i < size; i++) {
      from[i] = i;
    }
    int[] to = new int[size];
    for (int width = 1; width < size; width *= 2) {
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

  private void merge(int[] from, int[] to, int left, int middle, int right) {
    int a = left;
    int b = middle;
    for (int i = left; i < right; i++) {
      boolean takeLeft = b == right || (a < middle && timestamps[from[a]] <= timestamps[from[b]]);
      to[i] = takeLeft ? from[a++] : from[b++];
    }
  }
}
