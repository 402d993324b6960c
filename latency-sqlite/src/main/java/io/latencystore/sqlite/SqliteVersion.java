package io.latencystore.sqlite;

import io.latencystore.StoreUnavailableException;
import java.lang.Runtime.Version;
import java.sql.Connection;
import java.sql.SQLException;

/** The version of SQLite inside the driver. */
final class SqliteVersion {

  /** From 3.7.0 up to this, several processes on one write-ahead log could lose commits. */
  private static final Version FLOOR = Version.parse("3.51.3");

  private SqliteVersion() {}

  static String of(Connection connection) throws SQLException {
    return "SQLite " + connection.getMetaData().getDatabaseProductVersion();
  }

  static void check(Connection connection) throws SQLException {
    String found = connection.getMetaData().getDatabaseProductVersion();
    if (Version.parse(found).compareTo(FLOOR) < 0) {
      throw new StoreUnavailableException(
          "the class path has SQLite "
              + found
              + ", which can lose commits when several processes share a file; use sqlite-jdbc "
              + FLOOR
              + " or later",
          null);
    }
  }
}
