package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_EVENT;

import io.latencystore.query.Selection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/**
 * Which rows a selection names. What it leaves open is not in the statement, so that a database
 * reads the table straight through where everything is asked for.
 *
 * @param from whether there is an earliest timestamp
 * @param to whether there is a latest timestamp
 * @param atLeast whether there is a least latency
 * @param atMost whether there is a greatest latency
 * @param outcome whether there is an outcome
 * @param series how many series are named, see {@link SeriesFilter}
 */
record EventFilter(
    boolean from, boolean to, boolean atLeast, boolean atMost, boolean outcome, int series) {

  static EventFilter of(Selection selection) {
    return new EventFilter(
        selection.range().first() != Long.MIN_VALUE,
        selection.range().last() != Long.MAX_VALUE,
        selection.minMicros() > 0,
        selection.maxMicros() != Long.MAX_VALUE,
        selection.success() != null,
        SeriesFilter.size(selection));
  }

  Condition condition() {
    Condition condition = DSL.noCondition();
    if (from) {
      condition = condition.and(LATENCY_EVENT.TS.ge(0L));
    }
    if (to) {
      condition = condition.and(LATENCY_EVENT.TS.le(0L));
    }
    if (atLeast) {
      condition = condition.and(LATENCY_EVENT.LATENCY_US.ge(0L));
    }
    if (atMost) {
      condition = condition.and(LATENCY_EVENT.LATENCY_US.le(0L));
    }
    if (outcome) {
      condition = condition.and(LATENCY_EVENT.SUCCESS.eq(true));
    }
    if (series > 0) {
      condition = condition.and(SeriesFilter.condition(LATENCY_EVENT.SERIES_ID, series));
    }
    return condition;
  }

  /** Binds the condition's parameters, which are the statement's first. */
  void bind(PreparedStatement statement, Selection selection) throws SQLException {
    int at = 1;
    if (from) {
      statement.setLong(at++, selection.range().first());
    }
    if (to) {
      statement.setLong(at++, selection.range().last());
    }
    if (atLeast) {
      statement.setLong(at++, selection.minMicros());
    }
    if (atMost) {
      statement.setLong(at++, selection.maxMicros());
    }
    if (selection.success() != null) {
      statement.setBoolean(at++, selection.success());
    }
    SeriesFilter.bind(statement, at, selection);
  }
}
