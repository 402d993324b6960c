package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_EVENT;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;

import io.latencystore.block.Level;
import io.latencystore.sql.Session;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Record3;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/** What there is of rows: when, how many and how large. */
final class StoredEvents {

  /** About what a row takes with its entry in the index. */
  private static final long BYTES_ON_SQLITE = 60;

  private static final long BYTES_ELSEWHERE = 92;

  private StoredEvents() {}

  /** From the earliest to the latest moment of all rows, found by the index; or null. */
  static @Nullable Stretch span(Session session) {
    // Two statements: of both at once SQLite reads the whole index.
    Long first =
        session
            .dsl()
            .select(min(LATENCY_EVENT.TS))
            .from(LATENCY_EVENT)
            .fetchOne(min(LATENCY_EVENT.TS));
    Long last =
        session
            .dsl()
            .select(max(LATENCY_EVENT.TS))
            .from(LATENCY_EVENT)
            .fetchOne(max(LATENCY_EVENT.TS));
    return first == null || last == null ? null : new Stretch(first, last, 0, 0);
  }

  /** One stretch for each hour of which a component has rows, or any has. Reads everything. */
  static List<Stretch> stretches(Session session, @Nullable String component) {
    long hour = Level.HOUR.firstMicrosOf(1);
    long bytes = session.dsl().dialect() == SQLDialect.SQLITE ? BYTES_ON_SQLITE : BYTES_ELSEWHERE;
    List<Stretch> stretches = new ArrayList<>();
    for (Record3<Long, Long, Integer> row :
        session
            .dsl()
            .select(min(LATENCY_EVENT.TS), max(LATENCY_EVENT.TS), count())
            .from(LATENCY_EVENT)
            .where(Expired.isOf(LATENCY_EVENT.SERIES_ID, component))
            .groupBy(LATENCY_EVENT.TS.div(inline(hour)))
            .fetch()) {
      stretches.add(new Stretch(row.value1(), row.value2(), row.value3(), row.value3() * bytes));
    }
    return stretches;
  }
}
