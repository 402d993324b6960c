package io.latencystore.sql;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;
import static io.latencystore.sql.schema.Tables.LATENCY_METADATA;

import io.latencystore.block.Level;
import io.latencystore.spool.Failpoint;
import java.util.List;
import org.jooq.Record2;
import org.jooq.Result;

/**
 * Deletes blocks all of which have expired, with their metadata.
 *
 * <ol>
 *   <li>They are looked for in a transaction that reads, since that may take long.
 *   <li>Those found are deleted in one that writes. Who has taken one's id meanwhile is no such
 *       block, and stays.
 * </ol>
 */
final class DeleteBlocks {

  private DeleteBlocks() {}

  /** Deletes some; returns how many measurements they held, 0 if there are none. */
  static long run(Connections connections, Expired expired, Pace pace) {
    for (Level level : Level.values()) {
      Result<Record2<Long, Long>> found =
          connections.read(session -> find(session, expired, level, pace.most()));
      if (!found.isEmpty()) {
        return pace.write(
            connections,
            session -> {
              long measurements = delete(session, expired, level, found);
              Failpoint.pass("expiring");
              return measurements;
            });
      }
    }
    return 0;
  }

  /**
   * Slot by slot, and in each by id, so that a page is emptied before the next one is touched.
   * Everything in a slot that is over has expired; SQLite does not look at those blocks themselves.
   */
  private static Result<Record2<Long, Long>> find(
      Session session, Expired expired, Level level, int most) {
    long last = level.slotOf(expired.before());
    return session
        .dsl()
        .select(LATENCY_BLOCK.ID, LATENCY_BLOCK.SLOT)
        .from(LATENCY_BLOCK)
        .where(LATENCY_BLOCK.LEVEL.eq((long) level.number()))
        .and(LATENCY_BLOCK.SLOT.le(last))
        .and(LATENCY_BLOCK.SLOT.lt(last).or(LATENCY_BLOCK.LAST_TS.lt(expired.before())))
        .and(expired.ofSeries(LATENCY_BLOCK.SERIES_ID))
        .orderBy(LATENCY_BLOCK.SLOT, LATENCY_BLOCK.ID)
        .limit(most)
        .fetch();
  }

  private static long delete(
      Session session, Expired expired, Level level, Result<Record2<Long, Long>> found) {
    Result<? extends org.jooq.Record> deleted =
        session
            .dsl()
            .deleteFrom(LATENCY_BLOCK)
            .where(LATENCY_BLOCK.ID.in(found.getValues(LATENCY_BLOCK.ID)))
            // It is by this that a database passes over partitions.
            .and(
                LATENCY_BLOCK.FIRST_TS.between(
                    level.firstMicrosOf(found.get(0).value2()),
                    level.lastMicrosOf(found.get(found.size() - 1).value2())))
            .and(LATENCY_BLOCK.LAST_TS.lt(expired.before()))
            .and(expired.ofSeries(LATENCY_BLOCK.SERIES_ID))
            .returning(LATENCY_BLOCK.ID, LATENCY_BLOCK.COUNT)
            .fetch();
    List<Long> ids = deleted.getValues(LATENCY_BLOCK.ID);
    session.dsl().deleteFrom(LATENCY_METADATA).where(LATENCY_METADATA.BLOCK_ID.in(ids)).execute();
    return deleted.getValues(LATENCY_BLOCK.COUNT).stream().mapToLong(Long::longValue).sum();
  }
}
