package io.latencystore.query;

import io.latencystore.Series;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Columns;
import java.util.Map;
import java.util.Set;

/**
 * One snapshot of the stored measurements: whatever is read through it, however often, belongs
 * together. For one thread.
 */
public interface Source {

  /** In which direction of time chunks come. */
  enum Order {
    /** By the begin of what a chunk may hold, ascending. */
    OLDEST_FIRST,
    /** By the end of what a chunk may hold, descending. */
    NEWEST_FIRST,
    /** In whichever order is the fastest. */
    ANY
  }

  /** Some measurements of one series and outcome, valid until the visitor returns. */
  interface Chunk {

    /** What is known without decoding. */
    BlockHeader header();

    /**
     * No chunk that comes later has a measurement before this moment (oldest first), or after it
     * (newest first), in microseconds since the epoch. Without meaning in any other order.
     */
    long boundMicros();

    /** The measurements, sorted by time, with metadata if selected; valid until the next call. */
    Columns decode();

    /** The measurements, of which only the latencies are valid, until the next call. */
    Columns decodeLatencies();
  }

  /** Takes sums. */
  interface SumsVisitor {
    /** Looks at sums; returns whether it wants others. */
    boolean visit(Sums sums);
  }

  /** Takes chunks. */
  interface Visitor {
    /** Looks at a chunk; returns whether it wants another. */
    boolean visit(Chunk chunk);
  }

  /**
   * The series with one of these components and one of these commands, by id; an empty set stands
   * for any.
   */
  Map<Long, Series> series(Set<String> components, Set<String> commands);

  /**
   * Visits every chunk that may hold a measurement of the selection; chunks that surely hold none
   * are left out.
   *
   * @return whether the visitor wanted all of them
   */
  boolean scan(Selection selection, Order order, Visitor visitor);

  /**
   * Like {@link #scan} in any order, but what is cheaper to add up where it is stored comes added
   * up instead. What comes so matches the selection; nothing comes both ways.
   */
  default boolean addUp(Selection selection, SumsVisitor sums, Visitor visitor) {
    return scan(selection, Order.ANY, visitor);
  }
}
