package io.latencystore.sql;

import io.latencystore.block.MeasurementBatch;
import io.latencystore.query.Source;
import java.sql.SQLException;

/**
 * How measurements lie in tables: the seam between that and the rest. Safe for use by any thread.
 */
interface Layout {

  /** Writes a batch in the session's transaction. */
  void write(Session session, MeasurementBatch batch) throws SQLException;

  /** Called once the transaction that wrote the batch is committed. */
  void committed(MeasurementBatch batch);

  /** Forgets what it believes to be in the database, which may have been restored. */
  void forget();

  /** The measurements as the session's transaction sees them. */
  Source source(Session session);
}
