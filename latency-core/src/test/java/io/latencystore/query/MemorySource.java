package io.latencystore.query;

import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import io.latencystore.block.Block;
import io.latencystore.block.BlockDecoder;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Blocks;
import io.latencystore.block.Columns;
import io.latencystore.block.Level;
import io.latencystore.block.MeasurementBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Encoded blocks in memory, given out as loosely as the contract of {@link Source} allows: chunks
 * of one bound in any order, and columns that are garbage wherever they need not be valid.
 */
final class MemorySource implements Source {

  private final List<Block> blocks = new ArrayList<>();
  private final Map<Long, Series> series = new HashMap<>();
  private final Random ties;
  private final BlockDecoder decoder = new BlockDecoder();
  private final Columns columns = new Columns();
  private int decoded;

  /** No measurements. */
  MemorySource(long seed) {
    ties = new Random(seed);
  }

  /** The measurements of a batch. */
  static MemorySource of(List<LatencyMeasurement> measurements) {
    MemorySource source = new MemorySource(measurements.size());
    source.add(measurements);
    return source;
  }

  /** The measurements, in batches of random size in random order. */
  static MemorySource inPieces(List<LatencyMeasurement> measurements, long seed) {
    MemorySource source = new MemorySource(seed);
    Random random = new Random(seed);
    List<LatencyMeasurement> shuffled = new ArrayList<>(measurements);
    Collections.shuffle(shuffled, random);
    for (int from = 0; from < shuffled.size(); ) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(1 + shuffled.size() / 2));
      source.add(shuffled.subList(from, to));
      from = to;
    }
    return source;
  }

  /** Adds the measurements of another batch. */
  void add(List<LatencyMeasurement> measurements) {
    add(Blocks.batch(measurements));
  }

  void add(MeasurementBatch batch) {
    blocks.addAll(Blocks.encode(batch));
    series.putAll(batch.series());
  }

  /** How many chunks were decoded since the source was made. */
  int decoded() {
    return decoded;
  }

  @Override
  public Map<Long, Series> series(Set<String> components, Set<String> commands) {
    Map<Long, Series> found = new HashMap<>(series);
    found
        .values()
        .removeIf(
            names ->
                (!components.isEmpty() && !components.contains(names.component()))
                    || (!commands.isEmpty() && !commands.contains(names.command())));
    return found;
  }

  @Override
  public boolean scan(Selection selection, Order order, Visitor visitor) {
    List<StoredChunk> chunks = new ArrayList<>();
    for (Block block : blocks) {
      if (mayHold(selection, block.header())) {
        chunks.add(new StoredChunk(block, selection, order));
      }
    }
    Collections.shuffle(chunks, ties);
    Comparator<StoredChunk> byBound = Comparator.comparingLong(StoredChunk::boundMicros);
    chunks.sort(order == Order.OLDEST_FIRST ? byBound : byBound.reversed());
    for (StoredChunk chunk : chunks) {
      boolean goOn = visitor.visit(chunk);
      spoil();
      if (!goOn) {
        return false;
      }
    }
    return true;
  }

  private static boolean mayHold(Selection selection, BlockHeader header) {
    Set<Long> ids = selection.seriesIds();
    Boolean success = selection.success();
    return (ids == null || ids.contains(header.seriesId()))
        && (success == null || success == header.success())
        && header.lastMicros() >= selection.range().first()
        && header.firstMicros() <= selection.range().last()
        && header.maxMicros() >= selection.minMicros()
        && header.minMicros() <= selection.maxMicros();
  }

  private void spoil() {
    Arrays.fill(columns.timestamps(), -77);
    Arrays.fill(columns.latencies(), -77);
  }

  private final class StoredChunk implements Chunk {

    private final Block block;
    private final Selection selection;
    private final Order order;

    StoredChunk(Block block, Selection selection, Order order) {
      this.block = block;
      this.selection = selection;
      this.order = order;
    }

    @Override
    public BlockHeader header() {
      return block.header();
    }

    @Override
    public long boundMicros() {
      Level level = Level.of(header().level());
      return order == Order.OLDEST_FIRST
          ? level.firstMicrosOf(header().slot())
          : level.lastMicrosOf(header().slot());
    }

    @Override
    public Columns decode() {
      decoded++;
      spoil();
      decoder.decode(
          header(), block.payload(), selection.metadata() ? block.metadata() : null, columns);
      return columns;
    }

    @Override
    public Columns decodeLatencies() {
      decoded++;
      spoil();
      decoder.decodeLatencies(header(), block.payload(), columns);
      return columns;
    }
  }
}
