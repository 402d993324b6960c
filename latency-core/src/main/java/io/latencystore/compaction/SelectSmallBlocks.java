package io.latencystore.compaction;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;

import io.latencystore.block.Level;
import io.latencystore.layout.BlockRow;
import io.latencystore.sql.Database;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/**
 * Selects the headers of the blocks of one level in a slot of that level or a higher one, where a
 * series has so many of them in one slot, in the order of slots and series. How many there are is
 * told from the index alone. Immutable.
 */
final class SelectSmallBlocks {

  /** More than a series has in any slot. */
  static final long ANY_NUMBER = Long.MAX_VALUE;

  private static final List<Field<?>> COLUMNS =
      Stream.concat(
              BlockRow.HEADER.stream(),
              Stream.of(DSL.octetLength(LATENCY_BLOCK.PAYLOAD.coerce(String.class))))
          .toList();

  /** Takes blocks. */
  interface Visitor {
    /** Looks at a block; returns whether it wants another. */
    boolean visit(SmallBlock block);
  }

  private final String select;
  private final boolean countsByTime;

  SelectSmallBlocks(Database database) {
    DSLContext renderer = Jooq.renderer(database.sqlDialect());
    // It is by the time that PostgreSQL passes over partitions, but for SQLite it is not in the
    // index.
    countsByTime = database.sqlDialect() != SQLDialect.SQLITE;
    Condition bySlot =
        LATENCY_BLOCK
            .LEVEL
            .eq(0L)
            .and(LATENCY_BLOCK.SLOT.between(0L, 0L))
            .and(LATENCY_BLOCK.SERIES_ID.gt(0L));
    Condition bySlotAndTime = bySlot.and(LATENCY_BLOCK.FIRST_TS.between(0L, 0L));
    select =
        renderer.render(
            renderer
                .select(COLUMNS)
                .from(LATENCY_BLOCK)
                .where(bySlotAndTime)
                .and(
                    DSL.row(LATENCY_BLOCK.SLOT, LATENCY_BLOCK.SERIES_ID)
                        .in(
                            renderer
                                .select(LATENCY_BLOCK.SLOT, LATENCY_BLOCK.SERIES_ID)
                                .from(LATENCY_BLOCK)
                                .where(countsByTime ? bySlotAndTime : bySlot)
                                .groupBy(LATENCY_BLOCK.SLOT, LATENCY_BLOCK.SERIES_ID)
                                .having(DSL.count().between(0, 0))))
                .orderBy(LATENCY_BLOCK.SLOT, LATENCY_BLOCK.SERIES_ID));
  }

  /** Visits them, of series with ids beyond {@code seriesAfter}. */
  void run(
      Session session,
      Level level,
      Slot within,
      long atLeast,
      long atMost,
      long seriesAfter,
      Visitor visitor)
      throws SQLException {
    PreparedStatement statement = session.statement(select);
    int at = bindSlot(statement, 1, level, within, seriesAfter);
    at = bindTime(statement, at, within);
    at = bindSlot(statement, at, level, within, seriesAfter);
    if (countsByTime) {
      at = bindTime(statement, at, within);
    }
    statement.setLong(at++, atLeast);
    statement.setLong(at, atMost);
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        if (!visitor.visit(
            new SmallBlock(rows.getLong(1), BlockRow.header(rows), rows.getInt(15)))) {
          return;
        }
      }
    }
  }

  /** Binds a condition from a parameter on; returns the number of the next. */
  private static int bindSlot(
      PreparedStatement statement, int first, Level level, Slot within, long seriesAfter)
      throws SQLException {
    statement.setLong(first, level.number());
    statement.setLong(first + 1, level.slotOf(within.firstMicros()));
    statement.setLong(first + 2, level.slotOf(within.lastMicros()));
    statement.setLong(first + 3, seriesAfter);
    return first + 4;
  }

  private static int bindTime(PreparedStatement statement, int first, Slot within)
      throws SQLException {
    statement.setLong(first, within.firstMicros());
    statement.setLong(first + 1, within.lastMicros());
    return first + 2;
  }
}
