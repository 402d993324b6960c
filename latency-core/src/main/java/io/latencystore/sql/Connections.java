package io.latencystore.sql;

import java.sql.SQLException;

/** Transactions on the connections of one database. Safe for use by any thread. */
public interface Connections extends AutoCloseable {

  /** Something done within a transaction. */
  @FunctionalInterface
  interface Work<T> {

    /** Does it. */
    T run(Session session) throws SQLException;
  }

  /**
   * Runs the work in a transaction that writes, of which there is one at a time, and commits it.
   * After any failure the transaction is undone, though a failure of the commit itself may mean
   * either.
   *
   * @throws io.latencystore.StoreException if the database fails
   */
  <T> T write(Work<T> work);

  /**
   * Runs the work on the connection that writes, outside a transaction.
   *
   * @throws io.latencystore.StoreException if the database fails
   */
  <T> T maintain(Work<T> work);

  /**
   * Runs the work in a transaction that reads one snapshot.
   *
   * @throws io.latencystore.StoreOverloadedException if no connection becomes free in time
   * @throws io.latencystore.StoreException if the database fails
   */
  <T> T read(Work<T> work);

  /** Lets what comes next open connections anew, since these are on a database that is gone. */
  void renew();

  /** Closes all connections; transactions under way fail. */
  @Override
  void close();
}
