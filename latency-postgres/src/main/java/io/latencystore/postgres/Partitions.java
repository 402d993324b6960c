package io.latencystore.postgres;

import io.latencystore.Micros;
import io.latencystore.block.Level;
import io.latencystore.spool.Failpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of a table: each holds the blocks or rows that begin in one slot of 32 days.
 *
 * <ol>
 *   <li>Before a batch is inserted, those of its slots that have no partition are looked at.
 *   <li>One gets a partition if it is near the present, or once enough measurements of it have
 *       come. What the default partition has of it moves along.
 *   <li>Everything else goes into the default partition, as does everything while a partition
 *       cannot be made: that is never a reason to keep a batch waiting.
 * </ol>
 *
 * <p>So one stray timestamp makes no partition, and neither does a clock without measurements.
 */
final class Partitions {

  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

  static final Level WIDTH = Level.DAYS_32;

  /**
   * How many there may be: a question locks each of them, and a server has room for some thousands
   * of locks.
   */
  private static final int MOST = 200;

  /** How many slots are counted before counting begins anew. */
  private static final int MOST_COUNTED = 10_000;

  /** Fewer measurements than this are no reason for a partition far from the present. */
  private static final long ENOUGH = 256;

  private static final long DROP_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long DROP_PAUSE_NANOS = Duration.ofMillis(100).toNanos();
  private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

  private final PartitionStatements statements;
  private final String location;
  private final Clock clock;
  private final Set<Long> known = ConcurrentHashMap.newKeySet();
  private final Map<Long, Long> strays = new HashMap<>();
  private long failedAt = System.nanoTime() - PAUSE_NANOS;
  private boolean reported;

  Partitions(PartitionStatements statements, String location, Clock clock) {
    this.statements = statements;
    this.location = location;
    this.clock = clock;
  }

  /** Forgets which there are: the database may be another by now. */
  void forget() {
    known.clear();
  }

  /**
   * Makes the partitions that these measurements deserve; outside a transaction.
   *
   * @param measurements how many begin in each slot
   */
  synchronized void makeRoom(Connection connection, Map<Long, Long> measurements)
      throws SQLException {
    Map<Long, Long> missing = new TreeMap<>(measurements);
    missing.keySet().removeAll(known);
    if (missing.isEmpty()) {
      return;
    }
    known.addAll(statements.slots(connection));
    missing.keySet().removeAll(known);
    for (Map.Entry<Long, Long> slot : missing.entrySet()) {
      if (!isDeserved(slot.getKey(), come(slot.getKey(), slot.getValue()))) {
        report(slot.getKey());
      } else if (System.nanoTime() - failedAt >= PAUSE_NANOS) {
        make(connection, slot.getKey());
      }
    }
  }

  /** How many measurements have come into a slot without a partition. */
  private long come(long slot, long more) {
    if (strays.size() >= MOST_COUNTED) {
      strays.clear();
    }
    return strays.merge(slot, more, Long::sum);
  }

  private boolean isDeserved(long slot, long measurements) {
    if (known.size() >= MOST || !hasBounds(slot)) {
      return false;
    }
    long present = WIDTH.slotOf(Micros.ofTimestamp(clock.instant()));
    return Math.abs(slot - present) <= 1 || measurements >= ENOUGH;
  }

  private static boolean hasBounds(long slot) {
    return slot > WIDTH.slotOf(Long.MIN_VALUE) && slot < WIDTH.slotOf(Long.MAX_VALUE);
  }

  private void make(Connection connection, long slot) throws SQLException {
    connection.setAutoCommit(false);
    try {
      statements.make(connection, slot);
      connection.commit();
      known.add(slot);
      strays.remove(slot);
    } catch (SQLException e) {
      rollback(connection, e);
      failedAt = System.nanoTime();
      LOG.warn(
          "{}: no partition could be made for slot {} ({}); its measurements go into the default partition meanwhile",
          location,
          slot,
          e.getMessage());
    }
    connection.setAutoCommit(true);
  }

  /** Where that is impossible the connection is lost, which is what the failure says. */
  private static void rollback(Connection connection, SQLException failure) throws SQLException {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private void report(long slot) {
    if (!reported) {
      reported = true;
      LOG.warn(
          "{}: measurements of about {} lie far from others and from the present; they go into the default partition",
          location,
          Micros.toInstant(WIDTH.firstMicrosOf(slot)));
    }
  }

  /**
   * Drops one of the partitions whose slots are over before a moment, unless something in it goes
   * on beyond that. Who uses the table waits no longer than a drop waits for those who did before:
   * so that is short, and tried again for a second; outside a transaction.
   *
   * @return about how many measurements lay in it, at least 1; 0 if there is none
   * @throws SQLException if somebody uses the table for long
   */
  synchronized long dropBefore(Connection connection, long micros) throws SQLException {
    for (long slot : statements.slots(connection)) {
      if (WIDTH.lastMicrosOf(slot) < micros && statements.isOver(connection, slot, micros)) {
        long measurements = statements.measurements(connection, slot);
        statements.deleteMetadata(connection, slot);
        if (drop(connection, slot, micros)) {
          known.remove(slot);
          return Math.max(1, measurements);
        }
      }
    }
    return 0;
  }

  private boolean drop(Connection connection, long slot, long micros) throws SQLException {
    long begun = System.nanoTime();
    while (true) {
      connection.setAutoCommit(false);
      try {
        boolean over = statements.drop(connection, slot, micros);
        Failpoint.pass("dropping");
        connection.commit();
        connection.setAutoCommit(true);
        return over;
      } catch (SQLException e) {
        rollback(connection, e);
        connection.setAutoCommit(true);
        if (System.nanoTime() - begun >= DROP_NANOS || !PostgresErrors.isLockTimeout(e)) {
          throw e;
        }
      }
      LockSupport.parkNanos(DROP_PAUSE_NANOS);
    }
  }

  /**
   * Gives what is in the default partition partitions of its own, as far as it deserves them;
   * outside a transaction.
   *
   * @return how many blocks or rows stay there
   */
  synchronized long drain(Connection connection) throws SQLException {
    known.addAll(statements.slots(connection));
    for (Map.Entry<Long, Long> slot : statements.inDefault(connection).entrySet()) {
      if (isDeserved(slot.getKey(), slot.getValue())) {
        make(connection, slot.getKey());
      }
    }
    return statements.countInDefault(connection);
  }
}
