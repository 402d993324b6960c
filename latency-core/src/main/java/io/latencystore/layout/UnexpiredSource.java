package io.latencystore.layout;

import io.latencystore.Series;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Columns;
import io.latencystore.query.Selection;
import io.latencystore.query.Source;
import io.latencystore.query.TimeRange;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a source holds that has not expired. Chunks in which a cutoff lies are cut there. For one
 * thread.
 */
public final class UnexpiredSource implements Source {

  private final Source source;
  private final Cutoffs cutoffs;
  private final Map<Long, Long> ofSeries = new HashMap<>();
  private final Columns rest = new Columns();

  /** What is left of a source behind the cutoffs. */
  public UnexpiredSource(Source source, Cutoffs cutoffs) {
    this.source = source;
    this.cutoffs = cutoffs;
    if (!cutoffs.components().isEmpty()) {
      source
          .series(cutoffs.components().keySet(), Set.of())
          .forEach((id, series) -> ofSeries.put(id, cutoffs.of(series.component())));
    }
  }

  @Override
  public Map<Long, Series> series(Set<String> components, Set<String> commands) {
    return source.series(components, commands);
  }

  @Override
  public boolean scan(Selection selection, Order order, Visitor visitor) {
    Selection unexpired = unexpired(selection);
    return unexpired.range().isEmpty()
        || source.scan(unexpired, order, chunk -> visit(chunk, visitor));
  }

  /** Sums know one cutoff only. */
  @Override
  public boolean addUp(Selection selection, SumsVisitor sums, Visitor visitor) {
    if (!ofSeries.isEmpty()) {
      return scan(selection, Order.ANY, visitor);
    }
    Selection unexpired = unexpired(selection);
    return unexpired.range().isEmpty()
        || source.addUp(unexpired, sums, chunk -> visit(chunk, visitor));
  }

  private Selection unexpired(Selection selection) {
    TimeRange range = selection.range();
    return selection.within(range.intersect(cutoffs.all(), Long.MAX_VALUE));
  }

  private boolean visit(Chunk chunk, Visitor visitor) {
    BlockHeader header = chunk.header();
    long cutoff = ofSeries.getOrDefault(header.seriesId(), cutoffs.all());
    if (header.firstMicros() >= cutoff) {
      return visitor.visit(chunk);
    }
    return header.lastMicros() < cutoff || visitor.visit(new RestOfChunk(chunk, cutoff));
  }

  /** What is left of a chunk. It is added up by whoever wants sums. */
  private final class RestOfChunk implements Chunk {

    private final long boundMicros;
    private final BlockHeader header;

    RestOfChunk(Chunk chunk, long cutoff) {
      boundMicros = chunk.boundMicros();
      Columns whole = chunk.decode();
      rest.clear();
      for (int i = 0; i < whole.size(); i++) {
        if (whole.timestamps()[i] >= cutoff) {
          rest.add(whole.timestamps()[i], whole.latencies()[i], whole.metadata(i));
        }
      }
      BlockHeader all = chunk.header();
      header = BlockHeader.ofColumns(all.seriesId(), all.success(), all.level(), all.slot(), rest);
    }

    @Override
    public BlockHeader header() {
      return header;
    }

    @Override
    public long boundMicros() {
      return boundMicros;
    }

    @Override
    public Columns decode() {
      return rest;
    }

    @Override
    public Columns decodeLatencies() {
      return rest;
    }
  }
}
