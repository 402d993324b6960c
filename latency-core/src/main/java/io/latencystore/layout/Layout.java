package io.latencystore.layout;

import io.latencystore.block.MeasurementBatch;
import io.latencystore.query.Source;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Session;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How measurements lie in tables: the seam between that and the rest. Safe for use by any thread.
 */
public interface Layout {

  /** A batch as it will lie in the tables. */
  interface Encoded {

    /** Writes it in the session's transaction. */
    void write(Session session) throws SQLException;

    /** Called once that transaction is committed. */
    void committed();
  }

  /**
   * Encodes a batch and makes room for it, before the transaction that writes it.
   *
   * @throws io.latencystore.StoreException if the database fails
   */
  Encoded encode(MeasurementBatch batch, Connections connections);

  /** Forgets what it believes to be in the database, which may have been restored. */
  void forget();

  /** The measurements as the session's transaction sees them. */
  Source source(Session session);

  /** From the earliest to the latest moment there is, or null if nothing is there. Quick. */
  @Nullable Stretch span(Session session);

  /**
   * What is there of a component, or of all where that is null, in stretches that may overlap.
   * Reads everything.
   */
  List<Stretch> stretches(Session session, @Nullable String component);

  /**
   * Deletes some of what has expired, in one short transaction that writes; what lies in a block
   * with something that has not stays.
   *
   * @return how many measurements; 0 if there are none left
   */
  long expire(Connections connections, Expired expired, Pace pace);

  /**
   * Drops one of the tables of which everything is before a moment, where there are such.
   *
   * @return about how many measurements lay in it, at least 1; 0 if there is none
   */
  long drop(Connections connections, long beforeMicros);
}
