package io.latencystore.query;

import io.latencystore.Series;
import io.latencystore.block.Block;
import io.latencystore.block.BlockDecoder;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Columns;
import io.latencystore.block.Level;
import io.latencystore.block.MeasurementBatch;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Any number of measurements, made anew by every scan and kept by none.
 *
 * @param batches how many batches a scan makes
 * @param commands how many series of the component {@code g} there are
 * @param filler makes one of the batches
 */
record GeneratedSource(int batches, int commands, Filler filler) implements Source {

  /** Makes a batch of measurements later than those of the batches before. */
  interface Filler {
    void fill(int batch, MeasurementBatch into);
  }

  @Override
  public Map<Long, Series> series(Set<String> wantedComponents, Set<String> wantedCommands) {
    Map<Long, Series> series = new HashMap<>();
    for (int i = 0; i < commands; i++) {
      Series names = new Series("g", "c" + i);
      series.put(names.id(), names);
    }
    return series;
  }

  @Override
  public boolean scan(Selection selection, Order order, Visitor visitor) {
    MeasurementBatch batch = new MeasurementBatch();
    Scan scan = new Scan(selection, visitor);
    for (int i = 0; i < batches && scan.goOn; i++) {
      batch.clear();
      filler.fill(i, batch);
      batch.encode(scan);
    }
    return scan.goOn;
  }

  private static final class Scan implements Chunk, Consumer<Block> {

    private final Selection selection;
    private final Visitor visitor;
    private final BlockDecoder decoder = new BlockDecoder();
    private final Columns columns = new Columns();
    private Block block =
        new Block(new BlockHeader(0, true, 0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0), new byte[0], null);
    private boolean goOn = true;

    Scan(Selection selection, Visitor visitor) {
      this.selection = selection;
      this.visitor = visitor;
    }

    @Override
    public void accept(Block next) {
      block = next;
      Set<Long> ids = selection.seriesIds();
      boolean selected =
          (ids == null || ids.contains(header().seriesId()))
              && header().lastMicros() >= selection.range().first()
              && header().firstMicros() <= selection.range().last();
      goOn = goOn && (!selected || visitor.visit(this));
    }

    @Override
    public BlockHeader header() {
      return block.header();
    }

    @Override
    public long boundMicros() {
      return Level.of(header().level()).firstMicrosOf(header().slot());
    }

    @Override
    public Columns decode() {
      decoder.decode(header(), block.payload(), null, columns);
      return columns;
    }

    @Override
    public Columns decodeLatencies() {
      decoder.decodeLatencies(header(), block.payload(), columns);
      return columns;
    }
  }
}
