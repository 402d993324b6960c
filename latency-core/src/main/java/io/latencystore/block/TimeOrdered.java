package io.latencystore.block;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The measurements of a batch one by one in the order of time, valid until the batch changes. For
 * one thread.
 */
public final class TimeOrdered {

  private record Part(long seriesId, boolean success, Columns columns) {}

  private final List<Part> parts = new ArrayList<>();

  /** Instead of a latency each has the number of its part, and behind that its index there. */
  private final Columns order = new Columns();

  void add(long seriesId, boolean success, Columns columns) {
    long number = (long) parts.size() << Integer.SIZE;
    parts.add(new Part(seriesId, success, columns));
    for (int i = 0; i < columns.size(); i++) {
      order.add(columns.timestamps()[i], number | i, null);
    }
  }

  void sort() {
    order.sort();
  }

  /** How many there are. */
  public int size() {
    return order.size();
  }

  /** When it was, in microseconds since the epoch. */
  public long timestampMicros(int index) {
    return order.timestamps()[index];
  }

  /** How long it took, in microseconds. */
  public long latencyMicros(int index) {
    return part(index).columns.latencies()[within(index)];
  }

  /** See {@link io.latencystore.Series#id()}. */
  public long seriesId(int index) {
    return part(index).seriesId;
  }

  /** Its outcome. */
  public boolean success(int index) {
    return part(index).success;
  }

  /** Its metadata, or null. */
  public @Nullable String metadata(int index) {
    return part(index).columns.metadata(within(index));
  }

  private Part part(int index) {
    return parts.get((int) (order.latencies()[index] >>> Integer.SIZE));
  }

  private int within(int index) {
    return (int) order.latencies()[index];
  }
}
