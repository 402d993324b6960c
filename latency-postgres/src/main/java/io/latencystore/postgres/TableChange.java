package io.latencystore.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A change to a table that nobody else may use meanwhile. Whoever wants to use it waits for the
 * change, which waits for those who came before: so that wait is short, and tried several times.
 *
 * @param <T> what comes of it
 */
@FunctionalInterface
interface TableChange<T> {

  /** For how long it is tried to get the table. */
  Duration TRYING = Duration.ofSeconds(1);

  /** How long others have it to themselves in between. */
  Duration PAUSE = Duration.ofMillis(100);

  /** Makes the change in the connection's transaction. */
  T run() throws SQLException;

  /**
   * Makes a change in a transaction of its own.
   *
   * @throws SQLException if that fails, or somebody uses the table for long; it is undone then
   */
  static <T> T make(Connection connection, TableChange<T> change) throws SQLException {
    long begun = System.nanoTime();
    while (true) {
      connection.setAutoCommit(false);
      try {
        T result = change.run();
        connection.commit();
        connection.setAutoCommit(true);
        return result;
      } catch (SQLException e) {
        rollback(connection, e);
        connection.setAutoCommit(true);
        if (System.nanoTime() - begun >= TRYING.toNanos() || !PostgresErrors.isLockTimeout(e)) {
          throw e;
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Where that is impossible the connection is lost, which is what the failure says. */
  private static void rollback(Connection connection, SQLException failure) throws SQLException {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }
}
