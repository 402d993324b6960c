package io.latencystore.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** Opens a file that may be anybody's, without leaving a trace. */
final class SqliteInspection {

  private SqliteInspection() {}

  static Connection open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.resetOpenMode(SQLiteOpenMode.READWRITE);
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setOpenMode(SQLiteOpenMode.READONLY);
    config.setOpenMode(SQLiteOpenMode.OPEN_URI);
    config.setBusyTimeout(10_000);
    // Without a log to read, "immutable" keeps SQLite from making the log's files; with one, they
    // are there already.
    String uri = file.toUri() + (hasLog(file) ? "" : "?immutable=1");
    return JDBC.createConnection("jdbc:sqlite:" + uri, config.toProperties());
  }

  private static boolean hasLog(Path file) {
    try {
      return Files.size(file.resolveSibling(file.getFileName() + "-wal")) > 0;
    } catch (IOException e) {
      return false;
    }
  }
}
