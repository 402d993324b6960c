package io.latencystore.layout;

import io.latencystore.Series;
import io.latencystore.StoreCorruptException;
import io.latencystore.query.Selection;
import io.latencystore.query.Source;
import io.latencystore.query.Sums;
import io.latencystore.query.TimeRange;
import io.latencystore.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one transaction sees, read in pieces. In the order of time each piece is a question
 * of its own, which begins where the one before it ended; the first are small, since whoever asks
 * in that order may soon have enough. For one thread.
 */
final class RowSource implements Source {

  private static final int FIRST_PIECE = 256;
  private static final int GROWTH = 4;
  private static final int PIECE = 16_384;

  /** How many rows a driver fetches at once. */
  private static final int FETCH = 4_096;

  private final Session session;
  private final SeriesDictionary dictionary;
  private final SelectEvents selectEvents;
  private final @Nullable SumEvents sumEvents;
  private final String location;

  /**
   * The rows that a session's transaction sees.
   *
   * @param sumEvents how they are added up where they are stored, or null to do it here
   */
  RowSource(
      Session session,
      SeriesDictionary dictionary,
      SelectEvents selectEvents,
      @Nullable SumEvents sumEvents,
      String location) {
    this.session = session;
    this.dictionary = dictionary;
    this.selectEvents = selectEvents;
    this.sumEvents = sumEvents;
    this.location = location;
  }

  @Override
  public Map<Long, Series> series(Set<String> components, Set<String> commands) {
    return dictionary.find(session, components, commands);
  }

  @Override
  public boolean scan(Selection selection, Order order, Visitor visitor) {
    try {
      RowPiece piece = new RowPiece(selection, order);
      return order == Order.ANY
          ? scan(selection, piece, visitor)
          : scanInOrder(selection, order, piece, visitor);
    } catch (SQLException e) {
      throw new DataAccessException("reading rows", e);
    } catch (StoreCorruptException e) {
      throw new StoreCorruptException(location + ": " + e.getMessage(), e);
    }
  }

  private boolean scan(Selection selection, RowPiece piece, Visitor visitor) throws SQLException {
    try (ResultSet rows = selectEvents.all(session, selection)) {
      rows.setFetchSize(FETCH);
      while (piece.read(rows, PIECE) > 0) {
        if (!piece.visit(piece.size(), visitor)) {
          return false;
        }
      }
      return true;
    }
  }

  private boolean scanInOrder(Selection selection, Order order, RowPiece piece, Visitor visitor)
      throws SQLException {
    Selection rest = selection;
    int limit = FIRST_PIECE;
    while (true) {
      try (ResultSet rows = selectEvents.first(session, rest, order, limit)) {
        rows.setFetchSize(FETCH);
        piece.read(rows, limit);
      }
      if (piece.size() < limit) {
        return piece.visit(piece.size(), visitor);
      }
      // There may be more of the last moment, so that comes whole with the next piece.
      int whole = piece.sizeWithoutLastMoment();
      if (whole > 0 && !piece.visit(whole, visitor)) {
        return false;
      }
      TimeRange range = rest.range();
      long last = piece.lastMoment();
      rest =
          rest.within(
              order == Order.OLDEST_FIRST
                  ? new TimeRange(last, range.last(), range.bounded())
                  : new TimeRange(range.first(), last, range.bounded()));
      if (whole == 0 || limit < PIECE) {
        limit = Math.multiplyExact(limit, GROWTH);
      }
    }
  }

  @Override
  public boolean addUp(Selection selection, SumsVisitor sums, Visitor visitor) {
    if (sumEvents == null) {
      return scan(selection, Order.ANY, visitor);
    }
    Set<Long> filteredSeries = SeriesFilter.leftToReader(selection);
    boolean beyond = false;
    try (ResultSet rows = sumEvents.run(session, selection)) {
      while (rows.next()) {
        if (filteredSeries == null || filteredSeries.contains(rows.getLong(1))) {
          beyond |= rows.getLong(3) >= SumEvents.LIMIT;
          if (rows.getLong(4) > 0 && !sums.visit(sums(rows))) {
            return false;
          }
        }
      }
    } catch (SQLException e) {
      throw new DataAccessException("adding rows up", e);
    }
    return !beyond || scan(selection.latencyAtLeast(SumEvents.LIMIT), Order.ANY, visitor);
  }

  private Sums sums(ResultSet row) throws SQLException {
    Sums sums =
        new Sums(
            row.getLong(1),
            row.getBoolean(2),
            row.getLong(4),
            row.getLong(5),
            row.getLong(6),
            row.getLong(7),
            row.getLong(8),
            row.getLong(9),
            row.getLong(10),
            row.getLong(11));
    if (sums.minMicros() < 0) {
      throw new StoreCorruptException(
          location + ": latency_event has a latency of " + sums.minMicros() + " us", null);
    }
    return sums;
  }
}
