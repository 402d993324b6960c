package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_EVENT;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.sum;

import io.latencystore.query.Selection;
import io.latencystore.sql.Database;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;

/**
 * Adds up the rows of a selection for each series and outcome, as far as latencies are below {@link
 * #LIMIT}; the greatest of all is given besides. Squares are added up in halves, so that no sum
 * overflows. Safe for use by any thread.
 */
final class SumEvents {

  /** From here on latencies, in microseconds, are not in the sums. */
  static final long LIMIT = 1L << 31;

  private static final long HALF = 1L << 32;

  private final DSLContext renderer;
  private final Map<EventFilter, String> rendered = new ConcurrentHashMap<>();

  SumEvents(Database database) {
    renderer = Jooq.renderer(database.sqlDialect());
  }

  /** Opens the sums; their columns are numbered as {@link RowSource} reads them. */
  ResultSet run(Session session, Selection selection) throws SQLException {
    EventFilter filter = EventFilter.of(selection);
    PreparedStatement statement = session.statement(rendered.computeIfAbsent(filter, this::render));
    filter.bind(statement, selection);
    return statement.executeQuery();
  }

  private String render(EventFilter filter) {
    Field<Long> latency = LATENCY_EVENT.LATENCY_US;
    Field<Long> square = latency.mul(latency);
    Condition small = latency.lt(inline(LIMIT));
    return renderer.render(
        renderer
            .select(
                LATENCY_EVENT.SERIES_ID,
                LATENCY_EVENT.SUCCESS,
                max(latency),
                count().filterWhere(small),
                min(LATENCY_EVENT.TS).filterWhere(small),
                max(LATENCY_EVENT.TS).filterWhere(small),
                sum(latency).filterWhere(small),
                min(latency).filterWhere(small),
                max(latency).filterWhere(small),
                sum(square.div(inline(HALF))).filterWhere(small),
                sum(square.mod(inline(HALF))).filterWhere(small))
            .from(LATENCY_EVENT)
            .where(filter.condition())
            .groupBy(LATENCY_EVENT.SERIES_ID, LATENCY_EVENT.SUCCESS));
  }
}
