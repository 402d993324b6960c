package io.latencystore.postgres;

import io.latencystore.block.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What jOOQ cannot say to PostgreSQL about the partitions of a table; their names are computed from
 * numbers.
 *
 * @param table the table
 * @param time the column that it is partitioned by
 * @param weight the column or number that says how many measurements a row stands for
 */
record PartitionStatements(String table, String time, String weight) {

  static final PartitionStatements BLOCKS =
      new PartitionStatements("latency_block", "first_ts", "count");
  static final PartitionStatements ROWS = new PartitionStatements("latency_event", "ts", "1");

  private static final int METADATA_AT_ONCE = 5_000;

  private String prefix() {
    return table + "_slot_";
  }

  private String defaultPartition() {
    return table + "_default";
  }

  private String name(long slot) {
    return prefix() + (slot < 0 ? "minus_" + -slot : slot);
  }

  private long slot(String name) {
    String number = name.substring(prefix().length());
    return number.startsWith("minus_")
        ? -Long.parseLong(number.substring("minus_".length()))
        : Long.parseLong(number);
  }

  /** The slots that have a partition. */
  Set<Long> slots(Connection connection) throws SQLException {
    Set<Long> slots = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent ="
                    + " to_regclass('"
                    + table
                    + "')")) {
      while (rows.next()) {
        String name = rows.getString(1);
        if (name.startsWith(prefix())) {
          slots.add(slot(name));
        }
      }
    }
    return slots;
  }

  /**
   * Makes a partition, in the connection's transaction. Who makes one waits for the others who do;
   * readers and writers wait only as long as the default partition is looked through.
   */
  void make(Connection connection, long slot) throws SQLException {
    long from = Partitions.WIDTH.firstMicrosOf(slot);
    long to = Partitions.WIDTH.firstMicrosOf(slot + 1);
    String name = name(slot);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '2s'");
      statement.execute("LOCK TABLE ONLY " + table + " IN SHARE UPDATE EXCLUSIVE MODE");
      if (slots(connection).contains(slot)) {
        return;
      }
      // Taken before anything is moved: nobody can put more of the slot there meanwhile.
      statement.execute("LOCK TABLE " + defaultPartition() + " IN ACCESS EXCLUSIVE MODE");
      statement.execute("CREATE TABLE " + name + " (LIKE " + table + " INCLUDING ALL)");
      statement.execute(
          "WITH moved AS (DELETE FROM "
              + defaultPartition()
              + " WHERE "
              + time
              + " >= "
              + from
              + " AND "
              + time
              + " < "
              + to
              + " RETURNING *) INSERT INTO "
              + name
              + " SELECT * FROM moved");
      statement.execute(
          "ALTER TABLE "
              + table
              + " ATTACH PARTITION "
              + name
              + " FOR VALUES FROM ("
              + from
              + ") TO ("
              + to
              + ")");
    }
  }

  /**
   * Whether nothing in a partition goes on beyond a moment that comes after its slot: only blocks
   * of the highest level could.
   */
  boolean isOver(Connection connection, long slot, long micros) throws SQLException {
    return !equals(BLOCKS)
        || number(
                connection,
                "SELECT count(*) FROM "
                    + name(slot)
                    + " WHERE level = "
                    + Level.DAYS_1024.number()
                    + " AND last_ts >= "
                    + micros)
            == 0;
  }

  /** How many measurements lie in a partition; of rows what the server believes. */
  long measurements(Connection connection, long slot) throws SQLException {
    return number(
        connection,
        equals(BLOCKS)
            ? "SELECT coalesce(sum(count), 0) FROM " + name(slot)
            : "SELECT greatest(reltuples, pg_stat_get_live_tuples(oid))::bigint FROM pg_class WHERE oid = '"
                + name(slot)
                + "'::regclass");
  }

  /** Deletes the metadata of a partition's blocks, some at a time. */
  void deleteMetadata(Connection connection, long slot) throws SQLException {
    if (equals(BLOCKS)) {
      try (Statement statement = connection.createStatement()) {
        while (statement.executeUpdate(
                "DELETE FROM latency_metadata WHERE block_id IN (SELECT m.block_id FROM latency_metadata m JOIN "
                    + name(slot)
                    + " b ON b.id = m.block_id LIMIT "
                    + METADATA_AT_ONCE
                    + ")")
            > 0) {
          // There may be more.
        }
      }
    }
  }

  /**
   * Drops a partition, in the connection's transaction, if it still {@link #isOver}; returns
   * whether it was. Waits for those who use the table for a tenth of a second, in which nobody else
   * begins to. An automatic vacuum gives way only to who waits for a second, so that is waited for
   * before, in a mode that keeps nobody else waiting.
   */
  boolean drop(Connection connection, long slot, long micros) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '2s'");
      statement.execute("LOCK TABLE ONLY " + table + " IN SHARE UPDATE EXCLUSIVE MODE");
      if (!slots(connection).contains(slot)) {
        return true;
      }
      statement.execute("LOCK TABLE " + name(slot) + " IN SHARE UPDATE EXCLUSIVE MODE");
      statement.execute("SET LOCAL lock_timeout = '100ms'");
      statement.execute("LOCK TABLE ONLY " + table + " IN ACCESS EXCLUSIVE MODE");
      statement.execute("LOCK TABLE " + name(slot) + " IN ACCESS EXCLUSIVE MODE");
      if (!isOver(connection, slot, micros)) {
        return false;
      }
      statement.execute("DROP TABLE " + name(slot));
      return true;
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** How many blocks or rows lie in the default partition. */
  long countInDefault(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + defaultPartition())) {
      row.next();
      return row.getLong(1);
    }
  }

  /** How many measurements of each slot lie in the default partition. */
  Map<Long, Long> inDefault(Connection connection) throws SQLException {
    Map<Long, Long> measurements = new TreeMap<>();
    long width = Partitions.WIDTH.firstMicrosOf(1);
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT (("
                    + time
                    + "::numeric - mod(mod("
                    + time
                    + ", "
                    + width
                    + ") + "
                    + width
                    + ", "
                    + width
                    + ")) / "
                    + width
                    + ")::bigint, sum("
                    + weight
                    + ") FROM "
                    + defaultPartition()
                    + " GROUP BY 1")) {
      while (rows.next()) {
        measurements.put(rows.getLong(1), rows.getLong(2));
      }
    }
    return measurements;
  }
}
