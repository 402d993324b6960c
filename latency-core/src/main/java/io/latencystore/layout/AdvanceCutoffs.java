package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_META;
import static org.jooq.impl.DSL.excluded;

import io.latencystore.sql.Session;

/**
 * Advances cutoffs. The database compares, so that of two processes at once the later moment stays,
 * and none ever goes back.
 */
public final class AdvanceCutoffs {

  private AdvanceCutoffs() {}

  /** Advances those that are later than what is there, in the session's transaction. */
  public static void run(Session session, Cutoffs cutoffs) {
    if (cutoffs.all() != Long.MIN_VALUE) {
      advance(session, SelectCutoffs.KEY, cutoffs.all());
    }
    cutoffs
        .components()
        .forEach((component, micros) -> advance(session, SelectCutoffs.keyOf(component), micros));
  }

  private static void advance(Session session, String key, long micros) {
    session
        .dsl()
        .insertInto(LATENCY_META)
        .set(LATENCY_META.KEY, key)
        .set(LATENCY_META.VALUE, Long.toString(micros))
        .onConflict(LATENCY_META.KEY)
        .doUpdate()
        .set(LATENCY_META.VALUE, excluded(LATENCY_META.VALUE))
        .where(
            LATENCY_META.VALUE.cast(Long.class).lt(excluded(LATENCY_META.VALUE).cast(Long.class)))
        .execute();
  }
}
