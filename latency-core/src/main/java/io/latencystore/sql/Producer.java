package io.latencystore.sql;

import static io.latencystore.sql.schema.Tables.LATENCY_PRODUCER;

import io.latencystore.Micros;
import io.latencystore.StoreException;
import io.latencystore.StoreUnavailableException;
import io.latencystore.block.MeasurementBatch;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the measurements of one producer exactly once.
 *
 * <ol>
 *   <li>The producer's row is registered in a transaction of its own.
 *   <li>A batch is written in one transaction with a compare-and-set of the row's position, which
 *       counts what was stored.
 *   <li>If the transaction fails, the batch may be stored all the same, since the acknowledgement
 *       of a commit can get lost. The position tells.
 * </ol>
 *
 * <p>For one thread at a time.
 */
final class Producer {

  private static final Logger LOG = LoggerFactory.getLogger(Producer.class);
  private static final SecureRandom IDS = new SecureRandom();

  private final Connections connections;
  private final Layout layout;
  private final Clock clock;
  private long id = newId();
  private long position;
  private boolean registered;
  private boolean inDoubt;

  Producer(Connections connections, Layout layout, Clock clock) {
    this.connections = connections;
    this.layout = layout;
    this.clock = clock;
  }

  /**
   * Stores a batch.
   *
   * @throws StoreException if nothing of it is stored, or the database does not say whether it is;
   *     the same batch may be stored again then, or another one after {@link #giveUpBatch}
   */
  void store(MeasurementBatch batch) {
    register();
    long target = position + batch.size();
    try {
      connections.write(
          session -> {
            move(session, target);
            layout.write(session, batch);
            return target;
          });
    } catch (StoreException e) {
      if (!isAt(target, e)) {
        throw e;
      }
    }
    inDoubt = false;
    position = target;
    layout.committed(batch);
  }

  private boolean isAt(long target, StoreException failure) {
    try {
      return storedPosition().orElse(-1) == target;
    } catch (StoreException e) {
      inDoubt = true;
      failure.addSuppressed(e);
      return false;
    }
  }

  /**
   * Says that the batch which could not be stored will not be stored again. If the database did not
   * say what became of it, the position there may be taken for that of the next batch; so what
   * follows is stored under another id.
   */
  void giveUpBatch() {
    if (inDoubt) {
      id = newId();
      position = 0;
      registered = false;
      inDoubt = false;
    }
  }

  private static long newId() {
    return IDS.nextLong() >>> 1;
  }

  private void register() {
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
      registered = true;
    }
  }

  private void move(Session session, long target) {
    int moved =
        session
            .dsl()
            .update(LATENCY_PRODUCER)
            .set(LATENCY_PRODUCER.POSITION, target)
            .set(LATENCY_PRODUCER.UPDATED_AT, nowMicros())
            .where(LATENCY_PRODUCER.ID.eq(id))
            .and(LATENCY_PRODUCER.POSITION.eq(position))
            .execute();
    if (moved == 0) {
      throw new StoreUnavailableException(
          "producer "
              + id
              + " is no longer at position "
              + position
              + " in the database, which was replaced or"
              + " restored while open; open it again",
          null);
    }
  }

  private OptionalLong storedPosition() {
    return connections.read(
        session -> {
          Long stored =
              session
                  .dsl()
                  .select(LATENCY_PRODUCER.POSITION)
                  .from(LATENCY_PRODUCER)
                  .where(LATENCY_PRODUCER.ID.eq(id))
                  .fetchOne(LATENCY_PRODUCER.POSITION);
          return stored == null ? OptionalLong.empty() : OptionalLong.of(stored);
        });
  }

  /** Removes the producer's row; one that cannot be removed now does no harm. */
  void unregister() {
    if (!registered) {
      return;
    }
    registered = false;
    try {
      connections.write(
          session ->
              session
                  .dsl()
                  .deleteFrom(LATENCY_PRODUCER)
                  .where(LATENCY_PRODUCER.ID.eq(id))
                  .execute());
    } catch (StoreException e) {
      LOG.debug("the row of producer {} stays", id, e);
    }
  }

  private long nowMicros() {
    return Micros.ofTimestamp(clock.instant());
  }
}
