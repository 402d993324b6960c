package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;
import static io.latencystore.sql.schema.Tables.LATENCY_METADATA;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.octetLength;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import io.latencystore.block.Level;
import io.latencystore.sql.Session;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record5;
import org.jspecify.annotations.Nullable;

/** What there is of blocks: when, how many and how large. */
public final class StoredBlocks {

  /** About what a block takes beside its payload: its header, and its entry in the index. */
  private static final long BYTES_BESIDE = 95;

  private StoredBlocks() {}

  /** From the earliest to the latest moment of all blocks, found by the index; or null. */
  public static @Nullable Stretch span(Session session) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Level level : Level.values()) {
      Long levelFirst =
          ofSlot(session, level, min(LATENCY_BLOCK.SLOT), min(LATENCY_BLOCK.FIRST_TS));
      Long levelLast = ofSlot(session, level, max(LATENCY_BLOCK.SLOT), max(LATENCY_BLOCK.LAST_TS));
      if (levelFirst != null && levelLast != null) {
        first = Math.min(first, levelFirst);
        last = Math.max(last, levelLast);
      }
    }
    return first > last ? null : new Stretch(first, last, 0, 0);
  }

  private static @Nullable Long ofSlot(
      Session session, Level level, Field<Long> slot, Field<Long> moment) {
    long number = level.number();
    return session
        .dsl()
        .select(moment)
        .from(LATENCY_BLOCK)
        .where(LATENCY_BLOCK.LEVEL.eq(number))
        .and(
            LATENCY_BLOCK.SLOT.eq(
                select(slot).from(LATENCY_BLOCK).where(LATENCY_BLOCK.LEVEL.eq(number))))
        .fetchOne(moment);
  }

  /** One stretch for each slot in which a component has blocks, or any has. Reads everything. */
  static List<Stretch> stretches(Session session, @Nullable String component) {
    Field<Integer> payload = octetLength(LATENCY_BLOCK.PAYLOAD.coerce(String.class));
    Field<Integer> metadata = octetLength(LATENCY_METADATA.CONTENT.coerce(String.class));
    List<Stretch> stretches = new ArrayList<>();
    for (Record5<Long, Long, BigDecimal, Integer, BigDecimal> row :
        session
            .dsl()
            .select(
                min(LATENCY_BLOCK.FIRST_TS),
                max(LATENCY_BLOCK.LAST_TS),
                sum(LATENCY_BLOCK.COUNT),
                count(),
                sum(payload.plus(coalesce(metadata, inline(0)))))
            .from(LATENCY_BLOCK)
            .leftJoin(LATENCY_METADATA)
            .on(LATENCY_METADATA.BLOCK_ID.eq(LATENCY_BLOCK.ID))
            .where(Expired.isOf(LATENCY_BLOCK.SERIES_ID, component))
            .groupBy(LATENCY_BLOCK.LEVEL, LATENCY_BLOCK.SLOT)
            .fetch()) {
      stretches.add(
          new Stretch(
              row.value1(),
              row.value2(),
              row.value3().longValue(),
              row.value4() * BYTES_BESIDE + row.value5().longValue()));
    }
    return stretches;
  }
}
