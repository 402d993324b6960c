package io.latencystore.layout;

import io.latencystore.StoreCorruptException;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Columns;
import io.latencystore.query.Selection;
import io.latencystore.query.Source.Chunk;
import io.latencystore.query.Source.Order;
import io.latencystore.query.Source.Visitor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Some rows, as they were read, which are then visited as a chunk for each series and outcome. For
 * one thread; keeps its arrays from piece to piece.
 */
final class RowPiece {

  private static final int FIRST_CAPACITY = 256;

  /** How many chunks are kept, for the next piece may need them too. */
  private static final int MOST_KEPT = 1_024;

  private final boolean withMetadata;
  private final Order order;
  private final @Nullable Set<Long> filteredSeries;
  private final Map<Long, SeriesChunks> chunks = new HashMap<>();
  private long[] timestamps = new long[FIRST_CAPACITY];
  private long[] latencies = new long[FIRST_CAPACITY];
  private long[] series = new long[FIRST_CAPACITY];
  private boolean[] successes = new boolean[FIRST_CAPACITY];
  private @Nullable String[] metadata = new @Nullable String[FIRST_CAPACITY];
  private int size;

  RowPiece(Selection selection, Order order) {
    this.withMetadata = selection.metadata();
    this.order = order;
    this.filteredSeries = SeriesFilter.leftToReader(selection);
  }

  /** Reads the next rows, at most so many; returns how many there were. */
  int read(ResultSet rows, int limit) throws SQLException {
    size = 0;
    while (size < limit && rows.next()) {
      if (size == timestamps.length) {
        grow();
      }
      timestamps[size] = rows.getLong(1);
      latencies[size] = rows.getLong(2);
      series[size] = rows.getLong(3);
      successes[size] = rows.getBoolean(4);
      metadata[size] = withMetadata ? rows.getString(5) : null;
      if (latencies[size] < 0) {
        throw new StoreCorruptException(
            "latency_event has a latency of "
                + latencies[size]
                + " us at timestamp "
                + timestamps[size],
            null);
      }
      size++;
    }
    return size;
  }

  private void grow() {
    int capacity = size * 2;
    timestamps = Arrays.copyOf(timestamps, capacity);
    latencies = Arrays.copyOf(latencies, capacity);
    series = Arrays.copyOf(series, capacity);
    successes = Arrays.copyOf(successes, capacity);
    metadata = Arrays.copyOf(metadata, capacity);
  }

  int size() {
    return size;
  }

  /** The timestamp of the last row. */
  long lastMoment() {
    return timestamps[size - 1];
  }

  /** How many rows come before the first that has the timestamp of the last. */
  int sizeWithoutLastMoment() {
    int whole = size - 1;
    while (whole > 0 && timestamps[whole - 1] == lastMoment()) {
      whole--;
    }
    return whole;
  }

  /** Visits the first rows; returns whether the visitor wants more. */
  boolean visit(int rows, Visitor visitor) {
    List<RowChunk> found = group(rows);
    if (order == Order.OLDEST_FIRST) {
      found.sort(Comparator.comparingLong(RowChunk::boundMicros));
    } else if (order == Order.NEWEST_FIRST) {
      found.sort(Comparator.comparingLong(RowChunk::boundMicros).reversed());
    }
    boolean wanted = true;
    for (RowChunk chunk : found) {
      wanted = wanted && visitor.visit(chunk);
      chunk.columns.clear();
    }
    if (chunks.size() > MOST_KEPT) {
      chunks.clear();
    }
    return wanted;
  }

  private List<RowChunk> group(int rows) {
    List<RowChunk> found = new ArrayList<>();
    SeriesChunks ofSeries = null;
    for (int i = 0; i < rows; i++) {
      if (filteredSeries == null || filteredSeries.contains(series[i])) {
        if (ofSeries == null || ofSeries.id != series[i]) {
          ofSeries = chunks.computeIfAbsent(series[i], SeriesChunks::new);
        }
        RowChunk chunk = successes[i] ? ofSeries.successes : ofSeries.failures;
        if (chunk.columns.size() == 0) {
          found.add(chunk);
        }
        chunk.columns.add(timestamps[i], latencies[i], metadata[i]);
      }
    }
    found.forEach(RowChunk::complete);
    return found;
  }

  /** The chunks of one series. */
  private final class SeriesChunks {
    private final long id;
    private final RowChunk successes;
    private final RowChunk failures;

    SeriesChunks(long id) {
      this.id = id;
      this.successes = new RowChunk(id, true);
      this.failures = new RowChunk(id, false);
    }
  }

  /** Rows of one series and outcome. They are added up by whoever wants sums, which may not fit. */
  private final class RowChunk implements Chunk {

    private final long seriesId;
    private final boolean success;
    private final Columns columns = new Columns();
    private BlockHeader header = new BlockHeader(0, false, 0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0);

    RowChunk(long seriesId, boolean success) {
      this.seriesId = seriesId;
      this.success = success;
    }

    void complete() {
      columns.sort();
      header = BlockHeader.ofColumns(seriesId, success, 0, 0, columns);
    }

    @Override
    public BlockHeader header() {
      return header;
    }

    @Override
    public long boundMicros() {
      return order == Order.NEWEST_FIRST ? header.lastMicros() : header.firstMicros();
    }

    @Override
    public Columns decode() {
      return columns;
    }

    @Override
    public Columns decodeLatencies() {
      return columns;
    }
  }
}
