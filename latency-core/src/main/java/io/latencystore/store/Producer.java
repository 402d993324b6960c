package io.latencystore.store;

import static io.latencystore.sql.schema.Tables.LATENCY_PRODUCER;

import io.latencystore.Micros;
import io.latencystore.StoreException;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.layout.Cutoffs;
import io.latencystore.layout.Layout;
import io.latencystore.layout.Startup;
import io.latencystore.spool.Spool;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the measurements of one producer exactly once.
 *
 * <ol>
 *   <li>The producer's row is registered in a transaction of its own.
 *   <li>A batch is written in one transaction with a compare-and-set of the row's position, which
 *       says up to where the producer's measurements are stored.
 *   <li>The same transaction reads the cutoffs. What had expired before is left out of the batch;
 *       if there is more of that by now, it begins anew.
 *   <li>If the transaction fails, the batch may be stored all the same, since the acknowledgement
 *       of a commit can get lost. The position tells.
 * </ol>
 *
 * <p>For one thread at a time.
 */
final class Producer {

  private static final Logger LOG = LoggerFactory.getLogger(Producer.class);

  /** What stands for the position of a producer that has no row. */
  static final long NO_ROW = -1;

  private final Startup.Opened opened;
  private final Connections connections;
  private final Layout layout;
  private final Clock clock;
  private final String move;
  private long id;
  private long position;
  private boolean registered;
  private boolean inDoubt;
  private Cutoffs cutoffs = Cutoffs.NONE;

  Producer(Startup.Opened opened, Clock clock, long id) {
    this.opened = opened;
    this.connections = opened.connections();
    this.layout = opened.layout();
    this.clock = clock;
    this.id = id;
    DSLContext renderer = Jooq.renderer(opened.sqlDialect());
    this.move =
        renderer.render(
            renderer
                .update(LATENCY_PRODUCER)
                .set(LATENCY_PRODUCER.POSITION, 0L)
                .set(LATENCY_PRODUCER.UPDATED_AT, 0L)
                .where(LATENCY_PRODUCER.ID.eq(0L))
                .and(LATENCY_PRODUCER.POSITION.eq(0L)));
  }

  /** Whether it stores in this database, rather than in one that was in its place. */
  boolean isOf(Startup.Opened database) {
    return opened.equals(database);
  }

  /** Up to where the producer's measurements are stored, as far as this process knows. */
  long position() {
    return position;
  }

  long id() {
    return id;
  }

  /** Whether it is not known if the last batch is stored. */
  boolean isInDoubt() {
    return inDoubt;
  }

  /** What had expired when the last batch was stored. */
  Cutoffs cutoffs() {
    return cutoffs;
  }

  /** Makes sure the row is there, and asks it for the position. */
  void register() {
    if (!registered) {
      connections.write(
          session ->
              session
                  .dsl()
                  .insertInto(LATENCY_PRODUCER)
                  .set(LATENCY_PRODUCER.ID, id)
                  .set(LATENCY_PRODUCER.POSITION, position)
                  .set(LATENCY_PRODUCER.UPDATED_AT, nowMicros())
                  .onConflictDoNothing()
                  .execute());
      long stored = connections.read(this::storedPosition);
      position = stored == NO_ROW ? position : stored;
      registered = true;
    }
  }

  /** What becomes of a batch in a transaction that writes it. */
  private enum Outcome {
    STORED,
    /** The row was not at the expected position. */
    ELSEWHERE,
    /** Some of it has expired since it was encoded, and is left out of it now. */
    EXPIRED_MEANWHILE
  }

  /**
   * Stores a batch, of which what has expired is removed, and moves the position to {@code to}.
   *
   * @return whether it is stored; if not, nothing of it is, because the row was not at the expected
   *     position: {@link #position} now says where it is. It is at {@code to} if an earlier attempt
   *     had succeeded after all
   * @throws StoreException if nothing of it is stored, or the database does not say whether it is;
   *     the same batch may be stored again then, or another one after {@link #giveUpBatch}
   */
  boolean store(MeasurementBatch batch, long to) {
    long from = position;
    register();
    if (position != from) {
      return false;
    }
    if (!cutoffs.isNone()) {
      batch.expire(cutoffs::of);
    }
    Layout.Encoded encoded = layout.encode(batch, connections);
    Outcome outcome = write(batch, encoded, to);
    while (outcome == Outcome.EXPIRED_MEANWHILE) {
      encoded = layout.encode(batch, connections);
      outcome = write(batch, encoded, to);
    }
    inDoubt = false;
    if (outcome == Outcome.STORED) {
      position = to;
      encoded.committed();
      return true;
    }
    layout.forget();
    registered = false;
    register();
    return false;
  }

  private Outcome write(MeasurementBatch batch, Layout.Encoded encoded, long to) {
    boolean[] complete = new boolean[1];
    try {
      return connections.write(
          session -> {
            if (isOutdated(session, batch)) {
              return Outcome.EXPIRED_MEANWHILE;
            }
            if (!move(session, to)) {
              return Outcome.ELSEWHERE;
            }
            encoded.write(session);
            complete[0] = true;
            return Outcome.STORED;
          });
    } catch (StoreException e) {
      if (!complete[0] || !isAt(to, e)) {
        throw e;
      }
      return Outcome.STORED;
    }
  }

  private boolean isOutdated(Session session, MeasurementBatch batch) throws SQLException {
    Cutoffs now = opened.selectCutoffs().run(session);
    if (now.equals(cutoffs)) {
      return false;
    }
    cutoffs = now;
    return batch.expire(now::of);
  }

  /** Whether a commit that failed took effect. */
  private boolean isAt(long target, StoreException failure) {
    try {
      return connections.read(this::storedPosition) == target || settledPosition() == target;
    } catch (StoreException e) {
      inDoubt = true;
      failure.addSuppressed(e);
      return false;
    }
  }

  /**
   * The position once no commit is under way on a connection that this end has left: the row is
   * locked, which waits for that.
   */
  private long settledPosition() {
    long[] found = new long[1];
    boolean[] locked = new boolean[1];
    try {
      connections.write(
          session -> {
            lock(session);
            found[0] = storedPosition(session);
            locked[0] = true;
            return true;
          });
    } catch (StoreException e) {
      // What was read under the lock is so, whatever became of that transaction.
      if (!locked[0]) {
        throw e;
      }
    }
    return found[0];
  }

  private void lock(Session session) {
    session
        .dsl()
        .update(LATENCY_PRODUCER)
        .set(LATENCY_PRODUCER.POSITION, LATENCY_PRODUCER.POSITION)
        .where(LATENCY_PRODUCER.ID.eq(id))
        .execute();
  }

  /**
   * Says that the batch which could not be stored will not be stored again. If the database did not
   * say what became of it, the position there may be taken for that of the next batch; so what
   * follows is stored under another id.
   */
  void giveUpBatch() {
    if (inDoubt) {
      id = Spool.newProducer();
      position = 0;
      registered = false;
      inDoubt = false;
    }
  }

  private boolean move(Session session, long to) throws SQLException {
    PreparedStatement statement = session.statement(move);
    statement.setLong(1, to);
    statement.setLong(2, nowMicros());
    statement.setLong(3, id);
    statement.setLong(4, position);
    return statement.executeUpdate() > 0;
  }

  private long storedPosition(Session session) {
    return storedPosition(session, id);
  }

  /** The position of any producer as the session's transaction sees it, or {@link #NO_ROW}. */
  static long storedPosition(Session session, long id) {
    Long stored =
        session
            .dsl()
            .select(LATENCY_PRODUCER.POSITION)
            .from(LATENCY_PRODUCER)
            .where(LATENCY_PRODUCER.ID.eq(id))
            .fetchOne(LATENCY_PRODUCER.POSITION);
    return stored == null ? NO_ROW : stored;
  }

  /** Removes the producer's row, if this registered it; returns whether there is none now. */
  boolean unregister() {
    return !registered || remove();
  }

  /** Removes the producer's row, unless that fails, which does no harm; returns whether it did. */
  boolean remove() {
    registered = false;
    try {
      connections.write(
          session ->
              session
                  .dsl()
                  .deleteFrom(LATENCY_PRODUCER)
                  .where(LATENCY_PRODUCER.ID.eq(id))
                  .execute());
      return true;
    } catch (StoreException e) {
      LOG.debug("the row of producer {} stays", id, e);
      return false;
    }
  }

  private long nowMicros() {
    return Micros.ofTimestamp(clock.instant());
  }
}
