package io.latencystore.bench;

import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.Series;
import io.latencystore.StoreStats;
import io.latencystore.policy.OverflowPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A store on a SQLite file, which drops what finds no room and is asked how much that was. */
final class RecordedStore implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ScratchFile file;
  private final LatencyStore store;
  private final LatencyRecorder recorder;
  private long droppedBefore;
  private boolean asked;

  private RecordedStore(ScratchFile file, LatencyStore store) {
    this.file = file;
    this.store = store;
    Series series = Workload.series(0);
    recorder = store.recorder(series.component(), series.command());
  }

  /** A store with every option at its default but those. */
  static RecordedStore open(UnaryOperator<LatencyStoreBuilder> options) throws IOException {
    ScratchFile file = ScratchFile.temporary();
    LatencyStoreBuilder builder =
        LatencyStore.builder(file.url()).overflow(OverflowPolicy.dropNewest());
    return new RecordedStore(file, options.apply(builder).open());
  }

  LatencyRecorder recorder() {
    return recorder;
  }

  /** Waits until everything is committed. */
  void drain() {
    store.flush(PATIENCE);
  }

  /** Begins to write, and does not wait. */
  void write() {
    var unused = store.flushAsync();
  }

  /** Begins an iteration with nothing that waits. */
  void begin() {
    droppedBefore = dropped();
    asked = false;
  }

  /**
   * How many found no room in this iteration, to the first thread that asks; nothing to the others,
   * when another may have closed the store.
   */
  synchronized long droppedNow() {
    if (asked) {
      return 0;
    }
    asked = true;
    return dropped() - droppedBefore;
  }

  private long dropped() {
    drain();
    StoreStats stats = store.stats();
    return stats.recorded() - stats.committed();
  }

  @Override
  public void close() throws IOException {
    store.close();
    file.close();
  }
}
