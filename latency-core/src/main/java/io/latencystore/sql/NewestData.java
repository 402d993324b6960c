package io.latencystore.sql;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;

import io.latencystore.block.Level;
import org.jooq.impl.DSL;

/** When the newest measurement in blocks was. */
final class NewestData {

  private NewestData() {}

  /** That moment, in microseconds since the epoch; {@link Long#MIN_VALUE} if there is nothing. */
  static long micros(Session session) {
    long newest = Long.MIN_VALUE;
    for (Level level : Level.values()) {
      Long slot =
          session
              .dsl()
              .select(DSL.max(LATENCY_BLOCK.SLOT))
              .from(LATENCY_BLOCK)
              .where(LATENCY_BLOCK.LEVEL.eq((long) level.number()))
              .fetchOne(0, Long.class);
      if (slot != null && level.lastMicrosOf(slot) > newest) {
        newest = Math.max(newest, inSlot(session, new Slot(level, slot)));
      }
    }
    return newest;
  }

  private static long inSlot(Session session, Slot slot) {
    Long last =
        session
            .dsl()
            .select(DSL.max(LATENCY_BLOCK.LAST_TS))
            .from(LATENCY_BLOCK)
            .where(LATENCY_BLOCK.LEVEL.eq((long) slot.level().number()))
            .and(LATENCY_BLOCK.SLOT.eq(slot.number()))
            .and(LATENCY_BLOCK.FIRST_TS.between(slot.firstMicros(), slot.lastMicros()))
            .fetchOne(0, Long.class);
    return last == null ? Long.MIN_VALUE : last;
  }
}
