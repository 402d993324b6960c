package io.latencystore.sql;

import static io.latencystore.sql.schema.Tables.LATENCY_EVENT;

import io.latencystore.block.TimeOrdered;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Inserts rows in the order of time, {@value #ROWS} with a statement, unless the database has a
 * faster way. Immutable.
 */
final class InsertEvents {

  /** More bring nothing. */
  private static final int ROWS = 100;

  private static final int COLUMNS = 5;

  private final Database database;
  private final String insertMany;
  private final String insertOne;

  InsertEvents(Database database) {
    this.database = database;
    DSLContext renderer = Jooq.renderer(database.sqlDialect());
    insertMany = render(renderer, ROWS);
    insertOne = render(renderer, 1);
  }

  private static String render(DSLContext renderer, int rows) {
    @Nullable String none = null;
    var insert =
        renderer
            .insertInto(LATENCY_EVENT)
            .columns(
                LATENCY_EVENT.TS,
                LATENCY_EVENT.LATENCY_US,
                LATENCY_EVENT.SERIES_ID,
                LATENCY_EVENT.SUCCESS,
                LATENCY_EVENT.METADATA);
    for (int i = 0; i < rows; i++) {
      insert = insert.values(0L, 0L, 0L, false, none);
    }
    return renderer.render(insert);
  }

  /** Inserts them in the session's transaction. */
  void run(Session session, TimeOrdered rows) throws SQLException {
    if (rows.size() == 0 || database.insertRows(session.connection(), rows)) {
      return;
    }
    int at = 0;
    if (rows.size() >= ROWS) {
      PreparedStatement many = session.statement(insertMany);
      for (; at + ROWS <= rows.size(); at += ROWS) {
        for (int i = 0; i < ROWS; i++) {
          bind(many, i * COLUMNS, rows, at + i);
        }
        many.executeUpdate();
      }
    }
    PreparedStatement one = session.statement(insertOne);
    for (; at < rows.size(); at++) {
      bind(one, 0, rows, at);
      one.addBatch();
    }
    one.executeBatch();
  }

  private static void bind(PreparedStatement statement, int before, TimeOrdered rows, int index)
      throws SQLException {
    statement.setLong(before + 1, rows.timestampMicros(index));
    statement.setLong(before + 2, rows.latencyMicros(index));
    statement.setLong(before + 3, rows.seriesId(index));
    statement.setBoolean(before + 4, rows.success(index));
    statement.setString(before + 5, rows.metadata(index));
  }
}
