package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_EVENT;

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
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;

/** Selects the rows of a selection. Safe for use by any thread. */
final class SelectEvents {

  /** What the text of the statement depends on. */
  private record Shape(EventFilter filter, boolean metadata, Order order, int limit) {}

  private static final List<Field<?>> COLUMNS =
      List.of(
          LATENCY_EVENT.TS,
          LATENCY_EVENT.LATENCY_US,
          LATENCY_EVENT.SERIES_ID,
          LATENCY_EVENT.SUCCESS);

  private static final List<Field<?>> WITH_METADATA =
      Stream.concat(COLUMNS.stream(), Stream.of(LATENCY_EVENT.METADATA)).toList();

  private final DSLContext renderer;
  private final Map<Shape, String> rendered = new ConcurrentHashMap<>();

  SelectEvents(Database database) {
    renderer = Jooq.renderer(database.sqlDialect());
  }

  /** Opens all rows, in any order. */
  ResultSet all(Session session, Selection selection) throws SQLException {
    return run(session, selection, Order.ANY, 0);
  }

  /** Opens the first rows in the order of time. */
  ResultSet first(Session session, Selection selection, Order order, int limit)
      throws SQLException {
    return run(session, selection, order, limit);
  }

  private ResultSet run(Session session, Selection selection, Order order, int limit)
      throws SQLException {
    EventFilter filter = EventFilter.of(selection);
    String sql =
        rendered.computeIfAbsent(
            new Shape(filter, selection.metadata(), order, limit), this::render);
    PreparedStatement statement = session.statement(sql);
    filter.bind(statement, selection);
    return statement.executeQuery();
  }

  /** The limit is in the text: a database that does not know it may sort everything instead. */
  private String render(Shape shape) {
    SelectConditionStep<? extends Record> rows =
        renderer
            .select(shape.metadata ? WITH_METADATA : COLUMNS)
            .from(LATENCY_EVENT)
            .where(shape.filter.condition());
    Field<Long> time = LATENCY_EVENT.TS;
    return renderer.render(
        switch (shape.order) {
          case ANY -> rows;
          case OLDEST_FIRST -> rows.orderBy(time.asc()).limit(DSL.inline(shape.limit));
          case NEWEST_FIRST -> rows.orderBy(time.desc()).limit(DSL.inline(shape.limit));
        });
  }
}
