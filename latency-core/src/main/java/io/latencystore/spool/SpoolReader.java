package io.latencystore.spool;

import io.latencystore.Series;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The measurements of one producer by position, in the order in which they were recorded. */
public interface SpoolReader {

  /** The number that identifies the spool. */
  long producer();

  /** The series of an index, or null if its name was lost. */
  @Nullable Series series(int index);

  /**
   * Gives what lies from one position to another to a visitor, in order.
   *
   * @return the position it reached: {@code to}, a little more if the last record does not end
   *     there, or that of the first cell that is claimed and may still be published
   * @throws IOException if it cannot be read
   */
  long read(long from, long to, SpoolVisitor visitor) throws IOException;
}
