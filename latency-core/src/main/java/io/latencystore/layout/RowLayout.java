package io.latencystore.layout;

import io.latencystore.Series;
import io.latencystore.StoreLayout;
import io.latencystore.block.Level;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.block.TimeOrdered;
import io.latencystore.query.Source;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import io.latencystore.sql.Session;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/** One row for each measurement. */
final class RowLayout implements Layout {

  private final Database database;
  private final SeriesDictionary dictionary;
  private final InsertEvents insertEvents;
  private final SelectEvents selectEvents;
  private final @Nullable SumEvents sumEvents;

  RowLayout(Database database) {
    this.database = database;
    this.dictionary = new SeriesDictionary(database);
    this.insertEvents = new InsertEvents(database);
    this.selectEvents = new SelectEvents(database);
    // SQLite sorts all rows to group them, which takes twice as long as reading them.
    this.sumEvents = database.sqlDialect() == SQLDialect.SQLITE ? null : new SumEvents(database);
  }

  @Override
  public Encoded encode(MeasurementBatch batch, Connections connections) {
    TimeOrdered rows = batch.inTimeOrder();
    if (rows.size() > 0) {
      connections.maintain(
          session -> {
            database.makeRoom(session.connection(), StoreLayout.ROWS, measurements(rows));
            return true;
          });
    }
    return new EncodedRows(batch.series(), rows);
  }

  private static Map<Long, Long> measurements(TimeOrdered rows) {
    Map<Long, Long> measurements = new HashMap<>();
    for (int from = 0; from < rows.size(); ) {
      long slot = Level.DAYS_32.slotOf(rows.timestampMicros(from));
      long last = Level.DAYS_32.lastMicrosOf(slot);
      int to = from + 1;
      while (to < rows.size() && rows.timestampMicros(to) <= last) {
        to++;
      }
      measurements.put(slot, (long) to - from);
      from = to;
    }
    return measurements;
  }

  @Override
  public void forget() {
    dictionary.forget();
  }

  @Override
  public Source source(Session session) {
    return new RowSource(session, dictionary, selectEvents, sumEvents, database.location());
  }

  @Override
  public @Nullable Stretch span(Session session) {
    return StoredEvents.span(session);
  }

  @Override
  public List<Stretch> stretches(Session session, @Nullable String component) {
    return StoredEvents.stretches(session, component);
  }

  @Override
  public long expire(Connections connections, Expired expired, Pace pace) {
    return DeleteEvents.run(connections, expired, pace);
  }

  @Override
  public long drop(Connections connections, long beforeMicros) {
    return connections.maintain(
        session -> database.dropBefore(session.connection(), StoreLayout.ROWS, beforeMicros));
  }

  /** Rows on their way into the database. */
  private final class EncodedRows implements Encoded {

    private final Map<Long, Series> series;
    private final TimeOrdered rows;

    EncodedRows(Map<Long, Series> series, TimeOrdered rows) {
      this.series = series;
      this.rows = rows;
    }

    @Override
    public void write(Session session) throws SQLException {
      dictionary.insertMissing(session, series);
      insertEvents.run(session, rows);
    }

    @Override
    public void committed() {
      dictionary.committed(series);
    }
  }
}
