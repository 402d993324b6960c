package io.latencystore.sql;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Blocks or rows that lie apart from where they belong, since room for them was missing or not
 * worth while when they came. Questions find them all the same. Safe for use by any thread.
 */
public interface Strays {

  /**
   * How many blocks or rows there are; exact up to a million, beyond that what the database
   * believes. Quick, above all if there are none.
   *
   * @param connection any, within a transaction or outside
   */
  long count(Connection connection) throws SQLException;

  /**
   * Moves some of them to where they belong, as many as can be moved without others waiting for
   * long, if there are such by now for which that is worth while. If somebody is in the way nothing
   * moves.
   *
   * @param connection one that writes, outside a transaction
   * @return how many blocks or rows moved; 0 if there is nothing more to be done now
   */
  long gather(Connection connection) throws SQLException;
}
