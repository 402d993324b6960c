package io.latencystore.postgres;

import io.latencystore.Micros;
import io.latencystore.block.Level;
import io.latencystore.spool.Failpoint;
import io.latencystore.sql.Failure;
import io.latencystore.sql.Strays;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
 *       cannot be made: that is never a reason to keep a batch waiting. They are strays.
 *   <li>Those that turn out to be enough later, by what the table holds, are gathered.
 * </ol>
 *
 * <p>So one stray timestamp makes no partition, and neither does a clock without measurements.
 */
final class Partitions {

  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

  static final Level WIDTH = Level.DAYS_32;

  /**
   * How many there may be far from the present: a question locks each of them, and a server has
   * room for some thousands of locks.
   */
  private static final int MOST = 200;

  /** How many slots are counted before counting begins anew. */
  private static final int MOST_COUNTED = 10_000;

  /** Fewer measurements than this are no reason for a partition far from the present. */
  private static final long ENOUGH = 256;

  /** More blocks or rows than this do not move at once: others would wait for seconds. */
  private static final int MOST_MOVED = 1_000_000;

  private static final long SHORTEST_PAUSE_NANOS = Duration.ofSeconds(15).toNanos();
  private static final long LONGEST_PAUSE_NANOS = Duration.ofMinutes(15).toNanos();

  private final PartitionStatements statements;
  private final String location;
  private final Clock clock;
  private final Set<Long> known = ConcurrentHashMap.newKeySet();
  private final Set<Long> immovable = ConcurrentHashMap.newKeySet();
  private final Map<Long, Long> come = new HashMap<>();
  private long failedAt;
  private long pauseNanos;
  private boolean failing;
  private boolean reported;

  Partitions(PartitionStatements statements, String location, Clock clock) {
    this.statements = statements;
    this.location = location;
    this.clock = clock;
  }

  /** Forgets what it knows of the database, which may be another by now. */
  void forget() {
    known.clear();
    immovable.clear();
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
    missing.keySet().removeAll(immovable);
    if (missing.isEmpty()) {
      return;
    }
    known.addAll(statements.slots(connection));
    missing.keySet().removeAll(known);
    for (Map.Entry<Long, Long> slot : missing.entrySet()) {
      if (!isDeserved(slot.getKey(), come(slot.getKey(), slot.getValue()))) {
        report(slot.getKey());
      } else if (System.nanoTime() - failedAt >= pauseNanos) {
        tryMaking(connection, slot.getKey());
      }
    }
  }

  /** How many measurements have come into a slot without a partition. */
  private long come(long slot, long more) {
    if (come.size() >= MOST_COUNTED) {
      come.clear();
    }
    return come.merge(slot, more, Long::sum);
  }

  private boolean isDeserved(long slot, long measurements) {
    if (!hasBounds(slot)) {
      return false;
    }
    long present = WIDTH.slotOf(Micros.ofTimestamp(clock.instant()));
    return Math.abs(slot - present) <= 1 || (measurements >= ENOUGH && known.size() < MOST);
  }

  private static boolean hasBounds(long slot) {
    return slot > WIDTH.slotOf(Long.MIN_VALUE) && slot < WIDTH.slotOf(Long.MAX_VALUE);
  }

  /** After each failure the next attempt is put off for longer. */
  private void tryMaking(Connection connection, long slot) throws SQLException {
    try {
      make(connection, slot);
    } catch (SQLException e) {
      failedAt = System.nanoTime();
      pauseNanos = Math.min(LONGEST_PAUSE_NANOS, Math.max(SHORTEST_PAUSE_NANOS, 2 * pauseNanos));
      leave(slot, e);
    }
  }

  /**
   * Makes a partition, unless too much would have to move.
   *
   * @return how many blocks or rows moved along
   */
  private long make(Connection connection, long slot) throws SQLException {
    if (statements.countInDefault(connection, slot, MOST_MOVED + 1) > MOST_MOVED) {
      immovable.add(slot);
      LOG.warn(
          "{}: more than {} blocks or rows of slot {} lie in the default partition; they stay there",
          location,
          MOST_MOVED,
          slot);
      return 0;
    }
    long moved = TableChange.make(connection, () -> statements.make(connection, slot));
    known.add(slot);
    come.remove(slot);
    failing = false;
    pauseNanos = 0;
    return moved;
  }

  /** Leaves a failure for later, which is said once, unless the connection is lost. */
  private void leave(long slot, SQLException failure) throws SQLException {
    if (!failing) {
      failing = true;
      LOG.warn(
          "{}: no partition could be made for slot {} ({}); its measurements go into the default partition meanwhile",
          location,
          slot,
          failure.getMessage());
    }
    if (PostgresErrors.classify(failure) == Failure.AWAY) {
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
   * on beyond that; outside a transaction.
   *
   * @return about how many measurements lay in it, at least 1; 0 if there is none
   * @throws SQLException if somebody uses the table for long
   */
  synchronized long dropBefore(Connection connection, long micros) throws SQLException {
    for (long slot : statements.slots(connection)) {
      if (WIDTH.lastMicrosOf(slot) < micros && statements.isOver(connection, slot, micros)) {
        long measurements = statements.measurements(connection, slot);
        statements.deleteMetadata(connection, slot);
        if (TableChange.make(connection, () -> drop(connection, slot, micros))) {
          known.remove(slot);
          return Math.max(1, measurements);
        }
      }
    }
    return 0;
  }

  private boolean drop(Connection connection, long slot, long micros) throws SQLException {
    boolean over = statements.drop(connection, slot, micros);
    Failpoint.pass("dropping");
    return over;
  }

  /** How many blocks or rows lie in the default partition; see {@link Strays#count}. */
  long strays(Connection connection) throws SQLException {
    return statements.countInDefault(connection);
  }

  /**
   * Gives one slot of which the default partition holds enough a partition; outside a transaction.
   * What cannot be moved now is left for another time.
   *
   * @return how many blocks or rows moved; 0 if there is no such slot
   */
  synchronized long gather(Connection connection) throws SQLException {
    Map<Long, Long> found = statements.inDefault(connection);
    if (found.isEmpty()) {
      return 0;
    }
    known.addAll(statements.slots(connection));
    found.keySet().removeAll(immovable);
    for (Map.Entry<Long, Long> slot : found.entrySet()) {
      if (isDeserved(slot.getKey(), slot.getValue())) {
        try {
          long moved = make(connection, slot.getKey());
          if (moved > 0) {
            return moved;
          }
        } catch (SQLException e) {
          leave(slot.getKey(), e);
          return 0;
        }
      }
    }
    return 0;
  }
}
