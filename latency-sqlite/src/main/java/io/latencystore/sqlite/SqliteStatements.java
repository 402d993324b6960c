package io.latencystore.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.sqlite.SQLiteConnection;

/** What jOOQ cannot say to SQLite: pragmas, and transactions that take their lock at once. */
final class SqliteStatements {

  /** "LatS" in ASCII: marks a file as ours for {@code file(1)} and for us. */
  static final int APPLICATION_ID = 0x4C617453;

  /** The database that is attached while rows are inserted. */
  static final String STAGED = "latency_staged";

  /** Names no columns, since then SQLite would copy row by row. */
  static final String INSERT_ATTACHED =
      "INSERT INTO main.latency_event SELECT * FROM " + STAGED + ".latency_event";

  /**
   * So short, since SQLite asks ever more seldom, so that it loses against whoever has just come.
   */
  private static final int BEGIN_MILLIS = 10;

  private static final int BUSY_MILLIS = 250;
  private static final long JOURNAL_SIZE_LIMIT = 16L << 20;

  private SqliteStatements() {}

  static void beginWrite(Connection connection) throws SQLException {
    execute(connection, "PRAGMA busy_timeout = " + BEGIN_MILLIS);
    execute(connection, "BEGIN IMMEDIATE");
    execute(connection, "PRAGMA busy_timeout = " + BUSY_MILLIS);
  }

  static void beginRead(Connection connection) throws SQLException {
    execute(connection, "BEGIN");
  }

  static void commit(Connection connection) throws SQLException {
    execute(connection, "COMMIT");
  }

  static void rollback(Connection connection) throws SQLException {
    execute(connection, "ROLLBACK");
  }

  /** Settings that only an empty database takes; another would be written to without effect. */
  static void shapeNewDatabase(Connection connection) throws SQLException {
    execute(connection, "PRAGMA page_size = 8192");
    execute(connection, "PRAGMA auto_vacuum = INCREMENTAL");
  }

  /** Turns the write-ahead log on; returns the journal mode that this led to. */
  static String useWriteAheadLog(Connection connection) throws SQLException {
    return text(connection, "PRAGMA journal_mode = WAL");
  }

  static void shapeWriter(Connection connection, boolean relaxed) throws SQLException {
    execute(connection, relaxed ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
    execute(connection, "PRAGMA journal_size_limit = " + JOURNAL_SIZE_LIMIT);
    distrustSchema(connection);
  }

  static void shapeReader(Connection connection) throws SQLException {
    execute(connection, "PRAGMA query_only = ON");
    distrustSchema(connection);
  }

  /**
   * A file may come from elsewhere: its views and triggers get no dangerous functions, its cells
   * are checked.
   */
  private static void distrustSchema(Connection connection) throws SQLException {
    execute(connection, "PRAGMA trusted_schema = OFF");
    execute(connection, "PRAGMA cell_size_check = ON");
  }

  static int applicationId(Connection connection) throws SQLException {
    return (int) number(connection, "PRAGMA application_id");
  }

  static void setApplicationId(Connection connection) throws SQLException {
    execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
  }

  /**
   * Moves everything from the write-ahead log into the database file, and syncs that.
   *
   * @return whether it did; if not, somebody still reads what was there before
   */
  static boolean checkpoint(Connection connection) throws SQLException {
    return number(connection, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;
  }

  static long sizeBytes(Connection connection) throws SQLException {
    return number(connection, "PRAGMA page_count") * number(connection, "PRAGMA page_size");
  }

  /** None where the file was made without {@code auto_vacuum}, since it cannot be given back. */
  static long unusedBytes(Connection connection) throws SQLException {
    return number(connection, "PRAGMA auto_vacuum") == 0
        ? 0
        : number(connection, "PRAGMA freelist_count") * number(connection, "PRAGMA page_size");
  }

  /** Takes pages off the end of the file, whose content moves to unused ones before. */
  static long giveBack(Connection connection, long most) throws SQLException {
    long before = sizeBytes(connection);
    long pages = Math.max(1, most / number(connection, "PRAGMA page_size"));
    try (Statement statement = connection.createStatement()) {
      // An update runs to its end; anything else would stop after the first page.
      statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
    }
    return before - sizeBytes(connection);
  }

  /** Those that SQLite would give by itself; nobody else writes meanwhile. */
  static long[] newBlockIds(Connection connection, int count) throws SQLException {
    long last = number(connection, "SELECT coalesce(max(id), 0) FROM latency_block");
    return LongStream.rangeClosed(last + 1, last + count).toArray();
  }

  /** The greatest id of a row, or 0; nobody else writes meanwhile. */
  static long lastEventId(Connection connection) throws SQLException {
    return number(connection, "SELECT coalesce(max(id), 0) FROM latency_event");
  }

  static boolean isUtf8(Connection connection) throws SQLException {
    return text(connection, "PRAGMA encoding").equals("UTF-8");
  }

  /** Makes the table of rows, as the migrations do, in an empty database; nothing else. */
  static void createEvents(Connection connection, int pageBytes) throws SQLException {
    execute(connection, "PRAGMA page_size = " + pageBytes);
    for (String sql : createEvents("main")) {
      execute(connection, sql);
    }
  }

  static List<String> createEvents(String schema) {
    return List.of(
        "CREATE TABLE "
            + schema
            + ".latency_event (id INTEGER NOT NULL PRIMARY KEY, ts INTEGER NOT NULL, latency_us INTEGER NOT NULL,"
            + " series_id INTEGER NOT NULL, success BOOLEAN NOT NULL, metadata TEXT)",
        "CREATE INDEX " + schema + ".latency_event_time ON latency_event (ts, series_id)");
  }

  /** Attaches a database in memory, which is possible in a transaction. */
  static void attach(SQLiteConnection connection, byte[] image) throws SQLException {
    execute(connection, "ATTACH ':memory:' AS " + STAGED);
    connection.deserialize(STAGED, image);
  }

  /** Inserts all rows of the attached database. */
  static void insertAttachedEvents(Connection connection) throws SQLException {
    execute(connection, INSERT_ATTACHED);
  }

  /** Detaches it, which is possible between transactions. */
  static void detach(Connection connection) throws SQLException {
    execute(connection, "DETACH " + STAGED);
  }

  static List<String> tables(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private static long number(Connection connection, String sql) throws SQLException {
    return Long.parseLong(text(connection, sql));
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
