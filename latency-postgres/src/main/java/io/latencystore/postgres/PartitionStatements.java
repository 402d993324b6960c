package io.latencystore.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What jOOQ cannot say to PostgreSQL about partitions; their names are computed from numbers. */
final class PartitionStatements {

  private static final String PREFIX = "latency_block_slot_";

  private PartitionStatements() {}

  private static String name(long slot) {
    return PREFIX + (slot < 0 ? "minus_" + -slot : slot);
  }

  private static long slot(String name) {
    String number = name.substring(PREFIX.length());
    return number.startsWith("minus_")
        ? -Long.parseLong(number.substring("minus_".length()))
        : Long.parseLong(number);
  }

  /** The slots that have a partition. */
  static Set<Long> slots(Connection connection) throws SQLException {
    Set<Long> slots = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent ="
                    + " to_regclass('latency_block')")) {
      while (rows.next()) {
        String name = rows.getString(1);
        if (name.startsWith(PREFIX)) {
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
  static void make(Connection connection, long slot) throws SQLException {
    long from = Partitions.WIDTH.firstMicrosOf(slot);
    long to = Partitions.WIDTH.firstMicrosOf(slot + 1);
    String name = name(slot);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '2s'");
      statement.execute("LOCK TABLE ONLY latency_block IN SHARE UPDATE EXCLUSIVE MODE");
      if (slots(connection).contains(slot)) {
        return;
      }
      // Taken before anything is moved: nobody can put more of the slot there meanwhile.
      statement.execute("LOCK TABLE latency_block_default IN ACCESS EXCLUSIVE MODE");
      statement.execute("CREATE TABLE " + name + " (LIKE latency_block INCLUDING ALL)");
      statement.execute(
          "WITH moved AS (DELETE FROM latency_block_default WHERE first_ts >= "
              + from
              + " AND first_ts < "
              + to
              + " RETURNING *) INSERT INTO "
              + name
              + " SELECT * FROM moved");
      statement.execute(
          "ALTER TABLE latency_block ATTACH PARTITION "
              + name
              + " FOR VALUES FROM ("
              + from
              + ") TO ("
              + to
              + ")");
    }
  }

  static long blocksInDefault(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM latency_block_default")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** How many measurements of each slot lie in the default partition. */
  static Map<Long, Long> inDefault(Connection connection) throws SQLException {
    Map<Long, Long> measurements = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT first_ts, count FROM latency_block_default")) {
      while (rows.next()) {
        measurements.merge(
            Partitions.WIDTH.slotOf(rows.getLong(1)), rows.getLong(2), Math::addExact);
      }
    }
    return measurements;
  }
}
