package io.latencystore.postgres;

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
