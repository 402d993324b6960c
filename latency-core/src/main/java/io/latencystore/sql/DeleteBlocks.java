package io.latencystore.sql;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;
import static io.latencystore.sql.schema.Tables.LATENCY_METADATA;

import io.latencystore.block.Level;
import io.latencystore.spool.Failpoint;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jooq.Result;
import org.jooq.SQLDialect;

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

  /** How many one statement deletes. */
  private static final int AT_ONCE = 256;

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
      Session session, Expired expired, Level level, Result<Record2<Long, Long>> found)
      throws SQLException {
    long measurements = 0;
    for (int from = 0; from < found.size(); from += AT_ONCE) {
      measurements +=
          deleteSome(
              session, expired, level, found.subList(from, Math.min(from + AT_ONCE, found.size())));
    }
    return measurements;
  }

  private static long deleteSome(
      Session session, Expired expired, Level level, List<Record2<Long, Long>> found)
      throws SQLException {
    PreparedStatement statement = session.statement(delete(session.dsl().dialect(), expired));
    for (int at = 1; at <= AT_ONCE; at++) {
      statement.setLong(at, found.get(Math.min(at, found.size()) - 1).value1());
    }
    int at = AT_ONCE + 1;
    statement.setLong(at++, level.firstMicrosOf(found.get(0).value2()));
    statement.setLong(at++, level.lastMicrosOf(found.get(found.size() - 1).value2()));
    statement.setLong(at++, expired.before());
    if (expired.component() != null) {
      statement.setString(at, expired.component());
    }
    long measurements = 0;
    List<Long> ids = new ArrayList<>();
    try (ResultSet deleted = statement.executeQuery()) {
      while (deleted.next()) {
        ids.add(deleted.getLong(1));
        measurements += deleted.getLong(2);
      }
    }
    session.dsl().deleteFrom(LATENCY_METADATA).where(LATENCY_METADATA.BLOCK_ID.in(ids)).execute();
    return measurements;
  }

  /** Deletes {@value #AT_ONCE} blocks by their ids, if they are still what was found. */
  private static String delete(SQLDialect dialect, Expired expired) {
    DSLContext renderer = Jooq.renderer(dialect);
    return renderer.render(
        renderer
            .deleteFrom(LATENCY_BLOCK)
            .where(LATENCY_BLOCK.ID.in(Collections.nCopies(AT_ONCE, 0L)))
            // It is by this that a database passes over partitions.
            .and(LATENCY_BLOCK.FIRST_TS.between(0L, 0L))
            .and(LATENCY_BLOCK.LAST_TS.lt(0L))
            .and(expired.ofSeries(LATENCY_BLOCK.SERIES_ID))
            .returning(LATENCY_BLOCK.ID, LATENCY_BLOCK.COUNT));
  }
}
