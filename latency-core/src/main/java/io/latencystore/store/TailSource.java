package io.latencystore.store;

import io.latencystore.Series;
import io.latencystore.block.Block;
import io.latencystore.block.BlockDecoder;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Columns;
import io.latencystore.block.Level;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.query.Selection;
import io.latencystore.query.Source;
import io.latencystore.spool.Spool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the database holds and, merged into it, what was recorded and is not committed there yet.
 * For one thread.
 */
final class TailSource implements Source {

  private static final int PIECE = 1 << 17;

  private final Source stored;
  private final Map<Long, Series> series = new HashMap<>();
  private final List<Block> tail = new ArrayList<>();
  private final BlockDecoder decoder = new BlockDecoder();
  private final Columns columns = new Columns();

  /** What is stored, and what a spool holds from one position to another. */
  TailSource(Source stored, Spool spool, long from, long to) {
    this.stored = stored;
    MeasurementBatch batch = new MeasurementBatch();
    for (long position = from; position < to; ) {
      long end = Math.min(to, position + PIECE);
      position = spool.readPublished(position, end, new GroupsOfSpool(spool, batch));
      series.putAll(batch.series());
      batch.encode(tail::add);
      batch.clear();
    }
  }

  @Override
  public Map<Long, Series> series(Set<String> components, Set<String> commands) {
    Map<Long, Series> found = new HashMap<>(stored.series(components, commands));
    series.forEach(
        (id, names) -> {
          if ((components.isEmpty() || components.contains(names.component()))
              && (commands.isEmpty() || commands.contains(names.command()))) {
            found.put(id, names);
          }
        });
    return found;
  }

  @Override
  public boolean scan(Selection selection, Order order, Visitor visitor) {
    boolean ascending = order != Order.NEWEST_FIRST;
    Comparator<TailChunk> byBound = Comparator.comparingLong(TailChunk::boundMicros);
    Deque<TailChunk> waiting =
        tail.stream()
            .filter(block -> selection.mayMatch(block.header()))
            .map(block -> new TailChunk(block, ascending))
            .sorted(ascending ? byBound : byBound.reversed())
            .collect(Collectors.toCollection(ArrayDeque::new));
    Merge merge = new Merge(waiting, ascending, visitor);
    return stored.scan(selection, order, merge) && merge.visitRest();
  }

  @Override
  public boolean addUp(Selection selection, SumsVisitor sums, Visitor visitor) {
    return stored.addUp(selection, sums, visitor) && scanTail(selection, visitor);
  }

  private boolean scanTail(Selection selection, Visitor visitor) {
    return tail.stream()
        .filter(block -> selection.mayMatch(block.header()))
        .allMatch(block -> visitor.visit(new TailChunk(block, true)));
  }

  /** Visits what waits before each chunk that it comes before. */
  private static final class Merge implements Visitor {

    private final Deque<TailChunk> waiting;
    private final boolean ascending;
    private final Visitor visitor;

    Merge(Deque<TailChunk> waiting, boolean ascending, Visitor visitor) {
      this.waiting = waiting;
      this.ascending = ascending;
      this.visitor = visitor;
    }

    @Override
    public boolean visit(Chunk chunk) {
      while (!waiting.isEmpty() && comesBefore(waiting.element(), chunk)) {
        if (!visitor.visit(waiting.remove())) {
          return false;
        }
      }
      return visitor.visit(chunk);
    }

    private boolean comesBefore(Chunk a, Chunk b) {
      return ascending ? a.boundMicros() <= b.boundMicros() : a.boundMicros() >= b.boundMicros();
    }

    boolean visitRest() {
      while (!waiting.isEmpty()) {
        if (!visitor.visit(waiting.remove())) {
          return false;
        }
      }
      return true;
    }
  }

  /** A block that is not committed. */
  private final class TailChunk implements Chunk {

    private final Block block;
    private final boolean ascending;

    TailChunk(Block block, boolean ascending) {
      this.block = block;
      this.ascending = ascending;
    }

    @Override
    public BlockHeader header() {
      return block.header();
    }

    @Override
    public long boundMicros() {
      Level level = Level.of(header().level());
      return ascending ? level.firstMicrosOf(header().slot()) : level.lastMicrosOf(header().slot());
    }

    @Override
    public Columns decode() {
      decoder.decode(header(), block.payload(), block.metadata(), columns);
      return columns;
    }

    @Override
    public Columns decodeLatencies() {
      decoder.decodeLatencies(header(), block.payload(), columns);
      return columns;
    }
  }
}
