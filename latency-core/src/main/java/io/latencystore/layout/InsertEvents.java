package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_EVENT;

import io.latencystore.block.TimeOrdered;
import io.latencystore.sql.Database;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertValuesStepN;
import org.jspecify.annotations.Nullable;

/**
 * Inserts rows in the order of time, {@value #ROWS} with a statement, unless the database has a
 * faster way. Most have no metadata, and binding nothing costs as much as binding something.
 * Immutable.
 */
final class InsertEvents {

  /** More bring nothing. */
  private static final int ROWS = 100;

  private static final List<Field<?>> COLUMNS =
      List.of(
          LATENCY_EVENT.TS,
          LATENCY_EVENT.LATENCY_US,
          LATENCY_EVENT.SERIES_ID,
          LATENCY_EVENT.SUCCESS);

  private final Database database;
  private final String plain;
  private final String manyPlain;
  private final String withMetadata;

  InsertEvents(Database database) {
    this.database = database;
    DSLContext renderer = Jooq.renderer(database.sqlDialect());
    List<Field<?>> all = new ArrayList<>(COLUMNS);
    all.add(LATENCY_EVENT.METADATA);
    plain = render(renderer, COLUMNS, 1);
    manyPlain = render(renderer, COLUMNS, ROWS);
    withMetadata = render(renderer, all, 1);
  }

  private static String render(DSLContext renderer, List<Field<?>> columns, int rows) {
    List<@Nullable Object> none = Collections.nCopies(columns.size(), null);
    InsertValuesStepN<?> insert = renderer.insertInto(LATENCY_EVENT).columns(columns);
    for (int i = 0; i < rows; i++) {
      insert = insert.values(none);
    }
    return renderer.render(insert);
  }

  /** Inserts them in the session's transaction. */
  void run(Session session, TimeOrdered rows) throws SQLException {
    if (rows.size() == 0 || database.insertRows(session.connection(), rows)) {
      return;
    }
    PreparedStatement beside = session.statement(withMetadata);
    int[] without = new int[ROWS];
    int waiting = 0;
    boolean anyMetadata = false;
    for (int i = 0; i < rows.size(); i++) {
      String metadata = rows.metadata(i);
      if (metadata != null) {
        bind(beside, 0, rows, i);
        beside.setString(COLUMNS.size() + 1, metadata);
        beside.addBatch();
        anyMetadata = true;
      } else {
        without[waiting++] = i;
        if (waiting == ROWS) {
          insertMany(session, rows, without);
          waiting = 0;
        }
      }
    }
    insertOneByOne(session, rows, without, waiting);
    if (anyMetadata) {
      beside.executeBatch();
    }
  }

  private void insertMany(Session session, TimeOrdered rows, int[] indexes) throws SQLException {
    PreparedStatement statement = session.statement(manyPlain);
    for (int i = 0; i < ROWS; i++) {
      bind(statement, i * COLUMNS.size(), rows, indexes[i]);
    }
    statement.executeUpdate();
  }

  private void insertOneByOne(Session session, TimeOrdered rows, int[] indexes, int count)
      throws SQLException {
    PreparedStatement statement = session.statement(plain);
    for (int i = 0; i < count; i++) {
      bind(statement, 0, rows, indexes[i]);
      statement.addBatch();
    }
    if (count > 0) {
      statement.executeBatch();
    }
  }

  private static void bind(PreparedStatement statement, int before, TimeOrdered rows, int index)
      throws SQLException {
    statement.setLong(before + 1, rows.timestampMicros(index));
    statement.setLong(before + 2, rows.latencyMicros(index));
    statement.setLong(before + 3, rows.seriesId(index));
    statement.setBoolean(before + 4, rows.success(index));
  }
}
