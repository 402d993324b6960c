package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The peer: one row for each measurement, names as text, an index on time and one on component and
 * time, filled by JDBC batches. As durable as the store: a write-ahead log, synced at each commit.
 */
final class ObviousTable implements AutoCloseable {

  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE measurement (
            id         INTEGER PRIMARY KEY,
            ts         INTEGER NOT NULL,
            latency_us INTEGER NOT NULL,
            component  TEXT NOT NULL,
            command    TEXT NOT NULL,
            success    INTEGER NOT NULL
          )""",
          "CREATE INDEX measurement_ts ON measurement (ts)",
          "CREATE INDEX measurement_component_ts ON measurement (component, ts)");
  private static final String INSERT =
      "INSERT INTO measurement (ts, latency_us, component, command, success) VALUES (?, ?, ?, ?, ?)";

  private final Connection connection;
  private final PreparedStatement insert;

  private ObviousTable(Connection connection) throws SQLException {
    this.connection = connection;
    this.insert = connection.prepareStatement(INSERT);
  }

  /** An empty table in a new file. */
  static ObviousTable create(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      for (String sql : SCHEMA) {
        statement.execute(sql);
      }
    }
    connection.setAutoCommit(false);
    return new ObviousTable(connection);
  }

  /** Inserts in one transaction; returns how many rows that made. */
  long insert(List<LatencyMeasurement> measurements) throws SQLException {
    for (LatencyMeasurement measurement : measurements) {
      add(
          measurement.timestampMicros(),
          measurement.latencyMicros(),
          measurement.component(),
          measurement.command(),
          measurement.success());
    }
    return commit();
  }

  /** Adds a row to the batch. */
  void add(
      long timestampMicros, long latencyMicros, String component, String command, boolean success)
      throws SQLException {
    insert.setLong(1, timestampMicros);
    insert.setLong(2, latencyMicros);
    insert.setString(3, component);
    insert.setString(4, command);
    insert.setBoolean(5, success);
    insert.addBatch();
  }

  /** Inserts the batch in one transaction; returns how many rows that made. */
  long commit() throws SQLException {
    int rows = insert.executeBatch().length;
    connection.commit();
    return rows;
  }

  /** Deletes in one transaction what is before a moment; returns how many rows that were. */
  long deleteBefore(long micros) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM measurement WHERE ts < ?")) {
      delete.setLong(1, micros);
      int rows = delete.executeUpdate();
      connection.commit();
      return rows;
    }
  }

  /** The same of so many rows at most. */
  long deleteBefore(long micros, int most) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM measurement WHERE id IN (SELECT id FROM measurement WHERE ts < ? LIMIT ?)")) {
      delete.setLong(1, micros);
      delete.setInt(2, most);
      int rows = delete.executeUpdate();
      connection.commit();
      return rows;
    }
  }

  /** Writes everything anew, without what is unused. */
  void vacuum() throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("VACUUM");
    }
    connection.setAutoCommit(false);
  }

  long count() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM measurement")) {
      return row.getLong(1);
    } finally {
      connection.rollback(); // It reads no longer.
    }
  }

  /** The connection, for questions. */
  Connection connection() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
