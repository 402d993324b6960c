package io.latencystore.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.sqlite.JDBC;

/** What another tool does to a database file. */
final class RawSql {

  private RawSql() {}

  static Connection open(Path file) throws SQLException {
    return JDBC.createConnection("jdbc:sqlite:" + file.toUri(), new Properties());
  }

  static void execute(Path file, String... statements) throws SQLException {
    try (Connection connection = open(file)) {
      execute(connection, statements);
    }
  }

  static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The cells of the first row, as text. */
  static List<String> row(Path file, String sql) throws SQLException {
    try (Connection connection = open(file)) {
      return row(connection, sql);
    }
  }

  static List<String> row(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> cells = new ArrayList<>();
      if (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          cells.add(String.valueOf(rows.getString(i)));
        }
      }
      return cells;
    }
  }
}
