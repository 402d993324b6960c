package io.latencystore.layout;

import io.latencystore.Series;
import io.latencystore.StoreCorruptException;
import io.latencystore.block.BlockDecoder;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Columns;
import io.latencystore.block.Level;
import io.latencystore.query.Selection;
import io.latencystore.query.Source;
import io.latencystore.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that one transaction sees. A scan merges the rows of the four levels. For one thread.
 */
final class BlockSource implements Source {

  private final Session session;
  private final SeriesDictionary dictionary;
  private final SelectBlocks selectBlocks;
  private final String location;
  private final BlockDecoder decoder = new BlockDecoder();
  private final Columns columns = new Columns();

  BlockSource(
      Session session, SeriesDictionary dictionary, SelectBlocks selectBlocks, String location) {
    this.session = session;
    this.dictionary = dictionary;
    this.selectBlocks = selectBlocks;
    this.location = location;
  }

  @Override
  public Map<Long, Series> series(Set<String> components, Set<String> commands) {
    return dictionary.find(session, components, commands);
  }

  @Override
  public boolean scan(Selection selection, Order order, Visitor visitor) {
    List<LevelRows> open = new ArrayList<>();
    try {
      Comparator<LevelRows> byBound = Comparator.comparingLong(LevelRows::boundMicros);
      PriorityQueue<LevelRows> next =
          new PriorityQueue<>(order == Order.NEWEST_FIRST ? byBound.reversed() : byBound);
      for (Level level : Level.values()) {
        LevelRows rows =
            new LevelRows(
                selection, level, order, selectBlocks.run(session, selection, level, order));
        open.add(rows);
        if (rows.advance()) {
          next.add(rows);
        }
      }
      while (!next.isEmpty()) {
        LevelRows rows = next.remove();
        if (!visitor.visit(rows)) {
          return false;
        }
        if (rows.advance()) {
          next.add(rows);
        }
      }
      return true;
    } catch (SQLException e) {
      throw new DataAccessException("reading blocks", e);
    } finally {
      open.forEach(LevelRows::close);
    }
  }

  /** The rows of one level, each the current chunk in turn. */
  private final class LevelRows implements Chunk {

    private final Selection selection;
    private final Level level;
    private final Order order;
    private final ResultSet rows;
    private final @Nullable Set<Long> filteredSeries;
    private BlockHeader header = new BlockHeader(0, false, 0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0);

    LevelRows(Selection selection, Level level, Order order, ResultSet rows) {
      this.selection = selection;
      this.level = level;
      this.order = order;
      this.rows = rows;
      this.filteredSeries = SeriesFilter.leftToReader(selection);
    }

    boolean advance() throws SQLException {
      while (rows.next()) {
        long seriesId = rows.getLong(2);
        if (filteredSeries == null || filteredSeries.contains(seriesId)) {
          header = BlockRow.header(rows);
          checked(header::check);
          return true;
        }
      }
      return false;
    }

    @Override
    public BlockHeader header() {
      return header;
    }

    @Override
    public long boundMicros() {
      return order == Order.NEWEST_FIRST
          ? level.lastMicrosOf(header.slot())
          : level.firstMicrosOf(header.slot());
    }

    @Override
    public Columns decode() {
      return decode(
          () ->
              decoder.decode(
                  header,
                  rows.getBytes(15),
                  selection.metadata() ? rows.getBytes(16) : null,
                  columns));
    }

    @Override
    public Columns decodeLatencies() {
      return decode(() -> decoder.decodeLatencies(header, rows.getBytes(15), columns));
    }

    private Columns decode(Step decoding) {
      checked(decoding);
      return columns;
    }

    /** Names the block in what is found wrong with it. */
    private void checked(Step step) {
      try {
        step.run();
      } catch (StoreCorruptException e) {
        throw new StoreCorruptException(
            location + ", block " + blockId() + ": " + e.getMessage(), e);
      } catch (SQLException e) {
        throw new DataAccessException("reading a block", e);
      }
    }

    private String blockId() {
      try {
        return rows.getString(1);
      } catch (SQLException e) {
        return "of unknown id";
      }
    }

    void close() {
      try {
        rows.close();
      } catch (SQLException e) {
        throw new DataAccessException("closing blocks", e);
      }
    }
  }

  /** Something done with a row. */
  private interface Step {
    void run() throws SQLException;
  }
}
