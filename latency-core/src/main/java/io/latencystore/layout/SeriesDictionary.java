package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_SERIES;

import io.latencystore.Series;
import io.latencystore.StoreCorruptException;
import io.latencystore.sql.Database;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record3;
import org.jooq.impl.DSL;

/**
 * The series in the database. A series is believed to be there only once the transaction that
 * inserted it is committed; then it is there for good, since series are never deleted. Safe for use
 * by any thread.
 */
final class SeriesDictionary {

  private final String location;
  private final String insert;
  private final String selectById;
  private final Map<Long, Series> committed = new ConcurrentHashMap<>();

  SeriesDictionary(Database database) {
    DSLContext renderer = Jooq.renderer(database.sqlDialect());
    location = database.location();
    insert =
        renderer.render(
            renderer
                .insertInto(
                    LATENCY_SERIES,
                    LATENCY_SERIES.ID,
                    LATENCY_SERIES.COMPONENT,
                    LATENCY_SERIES.COMMAND)
                .values(0L, "", "")
                .onConflictDoNothing());
    selectById =
        renderer.render(
            renderer
                .select(LATENCY_SERIES.COMPONENT, LATENCY_SERIES.COMMAND)
                .from(LATENCY_SERIES)
                .where(LATENCY_SERIES.ID.eq(0L)));
  }

  /**
   * Inserts those that are not there yet, in the session's transaction; in ascending order, so that
   * no two transactions wait for each other.
   */
  void insertMissing(Session session, Map<Long, Series> wanted) throws SQLException {
    for (Map.Entry<Long, Series> entry : new TreeMap<>(wanted).entrySet()) {
      if (!committed.containsKey(entry.getKey())) {
        insert(session, entry.getKey(), entry.getValue());
      }
    }
  }

  private void insert(Session session, long id, Series series) throws SQLException {
    PreparedStatement statement = session.statement(insert);
    statement.setLong(1, id);
    statement.setString(2, series.component());
    statement.setString(3, series.command());
    if (statement.executeUpdate() == 0) {
      compare(session, id, series);
    }
  }

  /**
   * Two names with one id would mix their measurements; with 63 bits that is a damaged row rather
   * than chance.
   */
  private void compare(Session session, long id, Series series) throws SQLException {
    PreparedStatement statement = session.statement(selectById);
    statement.setLong(1, id);
    try (ResultSet row = statement.executeQuery()) {
      if (row.next()
          && !(row.getString(1).equals(series.component())
              && row.getString(2).equals(series.command()))) {
        throw new StoreCorruptException(
            location + ": latency_series has other names at id " + id + " than " + series, null);
      }
    }
  }

  void committed(Map<Long, Series> series) {
    committed.putAll(series);
  }

  void forget() {
    committed.clear();
  }

  /**
   * The series with one of these components and one of these commands, by id; an empty set stands
   * for any.
   */
  Map<Long, Series> find(Session session, Set<String> components, Set<String> commands) {
    if (components.isEmpty() && commands.isEmpty()) {
      return all(session);
    }
    Condition condition = DSL.noCondition();
    if (!components.isEmpty()) {
      condition = condition.and(LATENCY_SERIES.COMPONENT.in(components));
    }
    if (!commands.isEmpty()) {
      condition = condition.and(LATENCY_SERIES.COMMAND.in(commands));
    }
    return select(session, condition);
  }

  private Map<Long, Series> all(Session session) {
    int stored = session.dsl().fetchCount(LATENCY_SERIES);
    if (stored != committed.size()) {
      committed.putAll(select(session, DSL.noCondition()));
    }
    Map<Long, Series> known = Map.copyOf(committed);
    return known.size() == stored ? known : select(session, DSL.noCondition());
  }

  private static Map<Long, Series> select(Session session, Condition condition) {
    Map<Long, Series> found = new HashMap<>();
    for (Record3<Long, String, String> row :
        session
            .dsl()
            .select(LATENCY_SERIES.ID, LATENCY_SERIES.COMPONENT, LATENCY_SERIES.COMMAND)
            .from(LATENCY_SERIES)
            .where(condition)
            .fetch()) {
      found.put(row.value1(), new Series(row.value2(), row.value3()));
    }
    return found;
  }
}
