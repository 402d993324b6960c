package io.latencystore.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** What jOOQ cannot say to PostgreSQL: settings, locks and partitions. */
final class PostgresStatements {

  private static final List<String> CHANGED =
      List.of(
          "search_path",
          "lock_timeout",
          "idle_in_transaction_session_timeout",
          "synchronous_commit");

  /** What one process at a time does in a schema. */
  enum Turn {
    /** Changes its tables. */
    MIGRATION(1_279_349_075),
    /** Looks after what is stored. */
    MAINTENANCE(1_279_349_076);

    private final int number;

    Turn(int number) {
      this.number = number;
    }

    private String key(String schema) {
      return number + ", hashtext('" + schema + "')";
    }
  }

  private PostgresStatements() {}

  /** The settings of a session that {@link #shape} and its like change. */
  static Map<String, String> settings(Connection connection) throws SQLException {
    Map<String, String> settings = new HashMap<>();
    for (String name : CHANGED) {
      settings.put(name, text(connection, "SELECT current_setting('" + name + "')"));
    }
    return settings;
  }

  static void restore(Connection connection, Map<String, String> settings) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config(?, ?, false)")) {
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        statement.setString(1, setting.getKey());
        statement.setString(2, setting.getValue());
        statement.execute();
      }
    }
  }

  /** The schema first, and nobody's temporary tables before it. */
  static void shape(Connection connection, String schema) throws SQLException {
    execute(
        connection,
        "SET search_path = \""
            + schema
            + "\", pg_temp; SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '20s'");
  }

  /** Lets commits return before they survive a crash of the server. */
  static void commitAsynchronously(Connection connection) throws SQLException {
    execute(connection, "SET synchronous_commit = off");
  }

  /** A commit that waits for the disk, which takes every earlier one along. */
  static void commitSynchronously(Connection connection) throws SQLException {
    execute(
        connection,
        "BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_current_xact_id(); COMMIT");
  }

  static int serverVersion(Connection connection) throws SQLException {
    return Integer.parseInt(text(connection, "SELECT current_setting('server_version_num')"));
  }

  static String encoding(Connection connection) throws SQLException {
    return text(connection, "SELECT current_setting('server_encoding')");
  }

  /** Takes one of a schema's locks for the session, unless another session has it. */
  static boolean tryLock(Connection connection, Turn turn, String schema) throws SQLException {
    return text(connection, "SELECT pg_try_advisory_lock(" + turn.key(schema) + ")").equals("t");
  }

  static void unlock(Connection connection, Turn turn, String schema) throws SQLException {
    text(connection, "SELECT pg_advisory_unlock(" + turn.key(schema) + ")");
  }

  static long[] newBlockIds(Connection connection, int count) throws SQLException {
    long[] ids = new long[count];
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT nextval('latency_block_id') FROM generate_series(1, ?)")) {
      statement.setInt(1, count);
      try (ResultSet rows = statement.executeQuery()) {
        for (int i = 0; rows.next(); i++) {
          ids[i] = rows.getLong(1);
        }
      }
    }
    return ids;
  }

  /** Begins a copy of rows in the binary format. */
  static CopyIn copyRows(PGConnection connection) throws SQLException {
    return connection
        .getCopyAPI()
        .copyIn(
            "COPY latency_event (ts, latency_us, series_id, success, metadata) FROM STDIN WITH (FORMAT binary)");
  }

  static long sizeBytes(Connection connection) throws SQLException {
    return Long.parseLong(
        text(
            connection,
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n ON n.oid ="
                + " c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname LIKE 'latency\\_%'"));
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
