package io.latencystore.layout;

import io.latencystore.query.Selection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** How a statement names the series of a selection, so that few texts do for all of them. */
final class SeriesFilter {

  /** More series than this are told apart by the reader instead of by the database. */
  private static final int MAX_SERIES = 64;

  private SeriesFilter() {}

  /** How many series the statement names, a power of two; 0 for any. */
  static int size(Selection selection) {
    int atLeast = leftToDatabase(selection).size();
    return atLeast <= 1 ? atLeast : Integer.highestOneBit(atLeast - 1) << 1;
  }

  /** The condition that names so many. */
  static Condition condition(Field<Long> seriesId, int size) {
    return seriesId.in(Collections.nCopies(size, 0L));
  }

  /** Binds them from a parameter on, the last one repeated; returns the number of the next. */
  static int bind(PreparedStatement statement, int first, Selection selection) throws SQLException {
    int at = first;
    long last = 0;
    for (long id : leftToDatabase(selection)) {
      statement.setLong(at++, id);
      last = id;
    }
    for (int end = first + size(selection); at < end; ) {
      statement.setLong(at++, last);
    }
    return at;
  }

  private static Set<Long> leftToDatabase(Selection selection) {
    Set<Long> series = selection.seriesIds();
    return series == null || series.size() > MAX_SERIES ? Set.of() : series;
  }

  /** The series that the reader must look for, or null if the statement has named them. */
  static @Nullable Set<Long> leftToReader(Selection selection) {
    Set<Long> series = selection.seriesIds();
    return series == null || series.size() <= MAX_SERIES ? null : series;
  }
}
