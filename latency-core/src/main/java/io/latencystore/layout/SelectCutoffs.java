package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_META;

import io.latencystore.StoreCorruptException;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;

/**
 * Selects the cutoffs: no row where nothing has ever expired, usually one. Done in every
 * transaction that reads or writes measurements, so that what one process expires holds for all
 * others from their next transaction on. Immutable.
 */
public final class SelectCutoffs {

  /** The key of the cutoff for all; behind it and a colon is the component in those for one. */
  static final String KEY = "cutoff";

  private static final String FIRST_OF_COMPONENTS = KEY + ":";
  private static final String BEHIND = KEY + ";";

  private final String sql;

  /** The statement in a dialect. */
  public SelectCutoffs(SQLDialect dialect) {
    DSLContext renderer = Jooq.renderer(dialect);
    sql =
        renderer.render(
            renderer
                .select(LATENCY_META.KEY, LATENCY_META.VALUE)
                .from(LATENCY_META)
                .where(LATENCY_META.KEY.ge(""))
                .and(LATENCY_META.KEY.lt("")));
  }

  static String keyOf(String component) {
    return FIRST_OF_COMPONENTS + component;
  }

  /** The cutoffs as the session's transaction sees them. */
  public Cutoffs run(Session session) throws SQLException {
    PreparedStatement statement = session.statement(sql);
    statement.setString(1, KEY);
    statement.setString(2, BEHIND);
    long all = Long.MIN_VALUE;
    Map<String, Long> components = new HashMap<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        String key = rows.getString(1);
        if (key.equals(KEY)) {
          all = micros(rows.getString(2));
        } else if (key.startsWith(FIRST_OF_COMPONENTS)) {
          components.put(key.substring(FIRST_OF_COMPONENTS.length()), micros(rows.getString(2)));
        }
      }
    }
    return components.isEmpty() && all == Long.MIN_VALUE
        ? Cutoffs.NONE
        : new Cutoffs(all, components);
  }

  private static long micros(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new StoreCorruptException(
          "latency_meta has a cutoff of " + io.latencystore.Text.quoted(value) + ", not a number",
          e);
    }
  }
}
