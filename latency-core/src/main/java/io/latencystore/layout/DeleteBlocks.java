package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;
import static io.latencystore.sql.schema.Tables.LATENCY_METADATA;

import io.latencystore.block.Level;
import io.latencystore.spool.Failpoint;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Deletes blocks all of which have expired, with their metadata.
 *
 * <ol>
 *   <li>They are looked for in a transaction that reads, since that may take long.
 *   <li>Those found are deleted in one that writes. Who has taken one's id meanwhile is no such
 *       block, and stays.
 * </ol>
 *
 * <p>Immutable.
 */
final class DeleteBlocks {

  /** How many one statement deletes. */
  private static final int AT_ONCE = 256;

  private static final String ANY_COMPONENT = "";

  /** The statements that depend on what is to be deleted. */
  private record Statements(String find, String delete) {}

  /** Blocks of one level, from one slot to another. */
  private record Found(Level level, List<Long> ids, long firstSlot, long lastSlot) {}

  private final Statements ofAll;
  private final Statements ofComponent;
  private final String deleteMetadata;

  DeleteBlocks(Database database) {
    DSLContext renderer = Jooq.renderer(database.sqlDialect());
    ofAll = statements(renderer, new Expired(null, 0));
    ofComponent = statements(renderer, new Expired(ANY_COMPONENT, 0));
    deleteMetadata =
        renderer.render(
            renderer
                .deleteFrom(LATENCY_METADATA)
                .where(LATENCY_METADATA.BLOCK_ID.in(Collections.nCopies(AT_ONCE, 0L))));
  }

  private static Statements statements(DSLContext renderer, Expired expired) {
    return new Statements(
        renderer.render(
            renderer
                .select(LATENCY_BLOCK.ID, LATENCY_BLOCK.SLOT)
                .from(LATENCY_BLOCK)
                .where(LATENCY_BLOCK.LEVEL.eq(0L))
                .and(LATENCY_BLOCK.SLOT.le(0L))
                .and(LATENCY_BLOCK.SLOT.lt(0L).or(LATENCY_BLOCK.LAST_TS.lt(0L)))
                .and(expired.ofSeries(LATENCY_BLOCK.SERIES_ID))
                .orderBy(LATENCY_BLOCK.SLOT, LATENCY_BLOCK.ID)
                .limit(1)),
        renderer.render(
            renderer
                .deleteFrom(LATENCY_BLOCK)
                .where(LATENCY_BLOCK.ID.in(Collections.nCopies(AT_ONCE, 0L)))
                // It is by this that a database passes over partitions.
                .and(LATENCY_BLOCK.FIRST_TS.between(0L, 0L))
                .and(LATENCY_BLOCK.LAST_TS.lt(0L))
                .and(expired.ofSeries(LATENCY_BLOCK.SERIES_ID))
                .returning(LATENCY_BLOCK.ID, LATENCY_BLOCK.COUNT)));
  }

  private Statements statements(Expired expired) {
    return expired.component() == null ? ofAll : ofComponent;
  }

  /** Deletes some; returns how many measurements they held, 0 if there are none. */
  long run(Connections connections, Expired expired, Pace pace) {
    for (Level level : Level.values()) {
      Found found = connections.read(session -> find(session, expired, level, pace.most()));
      if (!found.ids.isEmpty()) {
        return pace.write(
            connections,
            session -> {
              long measurements = delete(session, expired, found);
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
  private Found find(Session session, Expired expired, Level level, int most) throws SQLException {
    PreparedStatement statement = session.statement(statements(expired).find);
    long lastSlot = level.slotOf(expired.before());
    statement.setLong(1, level.number());
    statement.setLong(2, lastSlot);
    statement.setLong(3, lastSlot);
    statement.setLong(4, expired.before());
    statement.setLong(bindComponent(statement, 5, expired), most);
    List<Long> ids = new ArrayList<>();
    long first = lastSlot;
    long last = lastSlot;
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
        last = rows.getLong(2);
        first = Math.min(first, last);
      }
    }
    return new Found(level, ids, first, last);
  }

  /** Binds it from a parameter on, if there is one; returns the number of the next. */
  private static int bindComponent(PreparedStatement statement, int at, Expired expired)
      throws SQLException {
    if (expired.component() == null) {
      return at;
    }
    statement.setString(at, expired.component());
    return at + 1;
  }

  private long delete(Session session, Expired expired, Found found) throws SQLException {
    PreparedStatement statement = session.statement(statements(expired).delete);
    int at = AT_ONCE + 1;
    statement.setLong(at++, found.level.firstMicrosOf(found.firstSlot));
    statement.setLong(at++, found.level.lastMicrosOf(found.lastSlot));
    statement.setLong(at++, expired.before());
    bindComponent(statement, at, expired);
    long measurements = 0;
    for (int from = 0; from < found.ids.size(); from += AT_ONCE) {
      bindIds(statement, found.ids.subList(from, Math.min(from + AT_ONCE, found.ids.size())));
      List<Long> gone = new ArrayList<>();
      try (ResultSet deleted = statement.executeQuery()) {
        while (deleted.next()) {
          gone.add(deleted.getLong(1));
          measurements += deleted.getLong(2);
        }
      }
      deleteMetadata(session, gone);
    }
    return measurements;
  }

  private void deleteMetadata(Session session, List<Long> blocks) throws SQLException {
    if (!blocks.isEmpty()) {
      PreparedStatement statement = session.statement(deleteMetadata);
      bindIds(statement, blocks);
      statement.executeUpdate();
    }
  }

  /** Binds {@value #AT_ONCE} ids, the last of them as often as it takes. */
  private static void bindIds(PreparedStatement statement, List<Long> ids) throws SQLException {
    for (int at = 1; at <= AT_ONCE; at++) {
      statement.setLong(at, ids.get(Math.min(at, ids.size()) - 1));
    }
  }
}
