package io.latencystore.sql;

import io.latencystore.block.MeasurementBatch;
import io.latencystore.query.Source;
import java.sql.SQLException;

/**
 * How measurements lie in tables: the seam between that and the rest. Safe for use by any thread.
 */
interface Layout {

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
}
