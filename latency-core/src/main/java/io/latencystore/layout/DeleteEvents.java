package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_EVENT;
import static org.jooq.impl.DSL.select;

import io.latencystore.spool.Failpoint;
import io.latencystore.sql.Connections;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.SelectSeekStep1;

/**
 * Deletes rows that have expired, from the earliest on.
 *
 * <ol>
 *   <li>In a transaction that reads, the moments of the first and the last row of a step are looked
 *       up, since that may take long.
 *   <li>What lies between them is deleted in one that writes. SQLite, where that keeps others
 *       waiting, deletes no more than a step's number of rows however many are of one moment.
 * </ol>
 */
final class DeleteEvents {

  /** The moments of the first and the last row of a step. */
  private record Slice(long first, long last) {}

  private DeleteEvents() {}

  /** Deletes some; returns how many, 0 if there are none. */
  static long run(Connections connections, Expired expired, Pace pace) {
    Slice slice = connections.read(session -> next(session.dsl(), expired, pace.most()));
    if (slice.first > slice.last) {
      return 0;
    }
    return pace.write(
        connections,
        session -> {
          long deleted = delete(session.dsl(), expired, slice, pace.most());
          Failpoint.pass("expiring");
          return deleted;
        });
  }

  private static Slice next(DSLContext dsl, Expired expired, int rows) {
    Long first = inOrder(dsl, expired).limit(1).fetchOne(LATENCY_EVENT.TS);
    Long last = inOrder(dsl, expired).limit(1).offset(rows - 1).fetchOne(LATENCY_EVENT.TS);
    return first == null
        ? new Slice(0, -1)
        : new Slice(first, last == null ? expired.before() - 1 : last);
  }

  private static SelectSeekStep1<?, Long> inOrder(DSLContext dsl, Expired expired) {
    return dsl.select(LATENCY_EVENT.TS)
        .from(LATENCY_EVENT)
        .where(LATENCY_EVENT.TS.lt(expired.before()))
        .and(expired.ofSeries(LATENCY_EVENT.SERIES_ID))
        .orderBy(LATENCY_EVENT.TS);
  }

  private static long delete(DSLContext dsl, Expired expired, Slice slice, int rows) {
    Condition condition =
        LATENCY_EVENT
            .TS
            .between(slice.first, slice.last)
            .and(expired.ofSeries(LATENCY_EVENT.SERIES_ID));
    return dsl.deleteFrom(LATENCY_EVENT)
        .where(
            dsl.dialect() == SQLDialect.SQLITE
                ? LATENCY_EVENT
                    .rowid()
                    .in(
                        select(LATENCY_EVENT.rowid())
                            .from(LATENCY_EVENT)
                            .where(condition)
                            .limit(rows))
                : condition)
        .execute();
  }
}
