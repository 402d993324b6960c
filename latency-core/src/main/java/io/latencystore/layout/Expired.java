package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_SERIES;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;

import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is to be deleted.
 *
 * @param component the only component of which it is, or null for any
 * @param before everything before this moment, in microseconds since the epoch
 */
public record Expired(@Nullable String component, long before) {

  /** Whether a series is one of those. */
  Condition ofSeries(Field<Long> seriesId) {
    return isOf(seriesId, component);
  }

  /** Whether a series is one of a component, or of any where that is null. */
  static Condition isOf(Field<Long> seriesId, @Nullable String component) {
    return component == null
        ? noCondition()
        : seriesId.in(
            select(LATENCY_SERIES.ID)
                .from(LATENCY_SERIES)
                .where(LATENCY_SERIES.COMPONENT.eq(component)));
  }
}
