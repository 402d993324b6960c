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

  /** So many blocks or rows of the default partition are looked at, or counted, at once. */
  private static final int LOOKED_AT = 1_000_000;

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
   * Makes a partition, in the connection's transaction, and moves what the default partition has of
   * its slot. Nobody may use the table meanwhile: a question that knows of the old partitions only,
   * and sees what has moved, would find it in none of them; and an insertion would be refused by
   * the default partition. So it waits for those who use the table for a tenth of a second, and
   * then takes as long as the default partition is large, up to some seconds.
   *
   * @return how many blocks or rows moved
   */
  long make(Connection connection, long slot) throws SQLException {
    String bounds = " FROM (" + firstOf(slot) + ") TO (" + firstOf(slot + 1) + ")";
    String name = name(slot);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '100ms'; SET LOCAL statement_timeout = '5s'");
      // In the way of others who make one; nobody else waits for who may not.
      statement.execute("LOCK TABLE ONLY " + table + " IN SHARE UPDATE EXCLUSIVE MODE");
      if (slots(connection).contains(slot)) {
        return 0;
      }
      statement.execute("CREATE TABLE " + name + " (LIKE " + table + " INCLUDING ALL)");
      statement.execute("LOCK TABLE ONLY " + table + " IN ACCESS EXCLUSIVE MODE");
      statement.execute("LOCK TABLE " + defaultPartition() + " IN ACCESS EXCLUSIVE MODE");
      long moved =
          statement.executeUpdate(
              "WITH moved AS (DELETE FROM "
                  + defaultPartition()
                  + in(slot)
                  + " RETURNING *) INSERT INTO "
                  + name
                  + " SELECT * FROM moved");
      statement.execute(
          "ALTER TABLE " + table + " ATTACH PARTITION " + name + " FOR VALUES" + bounds);
      return moved;
    }
  }

  private static long firstOf(long slot) {
    return Partitions.WIDTH.firstMicrosOf(slot);
  }

  private String in(long slot) {
    return " WHERE " + time + " >= " + firstOf(slot) + " AND " + time + " < " + firstOf(slot + 1);
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
            : believed(name(slot)));
  }

  /** Asks for what the server believes to lie in a table. */
  private static String believed(String table) {
    return "SELECT greatest(reltuples, pg_stat_get_live_tuples(oid))::bigint FROM pg_class WHERE oid = '"
        + table
        + "'::regclass";
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

  /** How many blocks or rows lie in the default partition; beyond a million by belief. */
  long countInDefault(Connection connection) throws SQLException {
    long counted = number(connection, countUpTo(LOOKED_AT, ""));
    return counted < LOOKED_AT
        ? counted
        : Math.max(counted, number(connection, believed(defaultPartition())));
  }

  /** How many blocks or rows of a slot lie in the default partition, counted up to a number. */
  long countInDefault(Connection connection, long slot, int most) throws SQLException {
    return number(connection, countUpTo(most, in(slot)));
  }

  private String countUpTo(int most, String where) {
    return "SELECT count(*) FROM (SELECT 1 FROM "
        + defaultPartition()
        + where
        + " LIMIT "
        + most
        + ") d";
  }

  /** How many measurements of each slot lie in the default partition, as far as it is looked at. */
  Map<Long, Long> inDefault(Connection connection) throws SQLException {
    Map<Long, Long> measurements = new TreeMap<>();
    long width = firstOf(1);
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                // Division rounds towards zero, and a slot begins before what lies in it.
                "SELECT t / "
                    + width
                    + " - (t % "
                    + width
                    + " < 0)::int, sum(weight) FROM (SELECT "
                    + time
                    + " AS t, "
                    + weight
                    + " AS weight FROM "
                    + defaultPartition()
                    + " LIMIT "
                    + LOOKED_AT
                    + ") d GROUP BY 1")) {
      while (rows.next()) {
        measurements.put(rows.getLong(1), rows.getLong(2));
      }
    }
    return measurements;
  }
}
