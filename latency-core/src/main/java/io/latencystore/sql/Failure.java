package io.latencystore.sql;

import java.sql.SQLException;

/** What an error of a database means for the writer. */
public enum Failure {
  /** It may pass: another attempt of the same is right. */
  TRANSIENT,
  /** Somebody else writes, and did not end in time: waiting longer is right. */
  BUSY,
  /** The database cannot be reached now, though nothing says that it is not there. */
  AWAY,
  /** Another database is in its place: it has to be opened anew. */
  REPLACED,
  /** There is no room; another attempt is right once there is. */
  FULL,
  /** The database may only be read now; another attempt is right once that has changed. */
  READ_ONLY,
  /** The database is damaged; another attempt is right once it was mended or replaced. */
  CORRUPT,
  /** The database refuses what is in the batch: another attempt of the same would fail again. */
  POISON;

  /** What a failure means; one that no database has explained may pass. */
  public static Failure of(Database database, Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql) {
        return database.classify(sql);
      }
    }
    return TRANSIENT;
  }
}
