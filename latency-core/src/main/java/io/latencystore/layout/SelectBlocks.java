package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;
import static io.latencystore.sql.schema.Tables.LATENCY_METADATA;

import io.latencystore.block.Level;
import io.latencystore.query.Selection;
import io.latencystore.query.Source.Order;
import io.latencystore.sql.Database;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectJoinStep;

/**
 * Selects the blocks of one level that may hold a measurement of a selection, in the order of their
 * slots, pruned by the index on slots and then by their headers. Safe for use by any thread.
 */
final class SelectBlocks {

  /** What the text of the statement depends on. */
  private record Shape(int series, boolean outcome, boolean metadata, Order order) {}

  private static final List<Field<?>> COLUMNS =
      Stream.concat(BlockRow.HEADER.stream(), Stream.of(LATENCY_BLOCK.PAYLOAD)).toList();

  private static final List<Field<?>> WITH_METADATA =
      Stream.concat(COLUMNS.stream(), Stream.of(LATENCY_METADATA.CONTENT)).toList();

  private final DSLContext renderer;
  private final Map<Shape, String> rendered = new ConcurrentHashMap<>();

  SelectBlocks(Database database) {
    renderer = Jooq.renderer(database.sqlDialect());
  }

  /** Opens the rows; their columns are numbered as {@link BlockRow} reads them. */
  ResultSet run(Session session, Selection selection, Level level, Order order)
      throws SQLException {
    Shape shape =
        new Shape(
            SeriesFilter.size(selection), selection.success() != null, selection.metadata(), order);
    String sql = rendered.computeIfAbsent(shape, this::render);
    PreparedStatement statement = session.statement(sql, level.number());
    int at = 1;
    statement.setLong(at++, level.number());
    statement.setLong(at++, level.slotOf(selection.range().first()));
    statement.setLong(at++, level.slotOf(selection.range().last()));
    statement.setLong(at++, selection.range().first());
    statement.setLong(at++, level.firstMicrosOf(level.slotOf(selection.range().first())));
    statement.setLong(at++, selection.range().last());
    statement.setLong(at++, selection.minMicros());
    statement.setLong(at++, selection.maxMicros());
    if (selection.success() != null) {
      statement.setBoolean(at++, selection.success());
    }
    SeriesFilter.bind(statement, at, selection);
    return statement.executeQuery();
  }

  private String render(Shape shape) {
    Condition condition =
        LATENCY_BLOCK
            .LEVEL
            .eq(0L)
            .and(LATENCY_BLOCK.SLOT.between(0L, 0L))
            .and(LATENCY_BLOCK.LAST_TS.ge(0L))
            // The slots say the same, but it is by this that a database passes over partitions.
            .and(LATENCY_BLOCK.FIRST_TS.between(0L, 0L))
            .and(LATENCY_BLOCK.MAX_US.ge(0L))
            .and(LATENCY_BLOCK.MIN_US.le(0L));
    if (shape.outcome) {
      condition = condition.and(LATENCY_BLOCK.SUCCESS.eq(true));
    }
    if (shape.series > 0) {
      condition = condition.and(SeriesFilter.condition(LATENCY_BLOCK.SERIES_ID, shape.series));
    }
    Field<Long> slot = LATENCY_BLOCK.SLOT;
    SelectJoinStep<? extends Record> blocks =
        renderer.select(shape.metadata ? WITH_METADATA : COLUMNS).from(LATENCY_BLOCK);
    if (shape.metadata) {
      blocks = blocks.leftJoin(LATENCY_METADATA).on(LATENCY_METADATA.BLOCK_ID.eq(LATENCY_BLOCK.ID));
    }
    return renderer.render(
        blocks
            .where(condition)
            .orderBy(shape.order == Order.NEWEST_FIRST ? slot.desc() : slot.asc()));
  }
}
