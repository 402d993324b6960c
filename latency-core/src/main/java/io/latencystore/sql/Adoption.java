package io.latencystore.sql;

import io.latencystore.Series;
import io.latencystore.StoreUnavailableException;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.spool.Failpoint;
import io.latencystore.spool.Orphan;
import io.latencystore.spool.SpoolDirectory;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what processes that are dead have left in their spools, and removes those. For one thread.
 */
final class Adoption {

  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private final @Nullable SpoolDirectory directory;
  private final Startup.Opened opened;
  private final Clock clock;
  private final Deque<Orphan> waiting = new ArrayDeque<>();
  private final LongAdder adopted;
  private long nameless;

  Adoption(
      @Nullable SpoolDirectory directory, Startup.Opened opened, Clock clock, LongAdder adopted) {
    this.directory = directory;
    this.opened = opened;
    this.clock = clock;
    this.adopted = adopted;
  }

  /**
   * Stores all there is.
   *
   * @throws io.latencystore.StoreException if the database fails; what was taken over stays so for
   *     the next attempt
   */
  void adopt() {
    if (directory == null) {
      return;
    }
    try {
      if (waiting.isEmpty()) {
        waiting.addAll(directory.adopt(opened.storeId()));
      }
      while (!waiting.isEmpty()) {
        store(waiting.element());
        waiting.remove();
      }
    } catch (IOException e) {
      throw new StoreUnavailableException("a spool left behind cannot be read (" + e + ")", e);
    }
  }

  private void store(Orphan orphan) throws IOException {
    Producer producer = new Producer(opened, clock, orphan.producer());
    if (!orphan.segmentPositions().isEmpty()) {
      producer.register();
    }
    MeasurementBatch batch = new MeasurementBatch();
    nameless = 0;
    for (long first : orphan.segmentPositions()) {
      long end = first + orphan.segmentCells();
      while (producer.position() < end) {
        batch.clear();
        orphan.read(
            Math.max(first, producer.position()),
            (series, success, timestamp, latency, metadata) -> {
              Series names = orphan.series(series);
              if (names == null) {
                nameless++;
              } else {
                batch.add(
                    batch.group(names), timestamp, latency, success, SpoolWriter.text(metadata));
              }
            });
        if (producer.store(batch, end)) {
          adopted.add(batch.size());
          Failpoint.pass("adopted");
        }
      }
    }
    LOG.info("stored what the dead producer {} left behind", orphan.producer());
    if (orphan.damaged() + nameless > 0) {
      LOG.warn(
          "{} cells of it were damaged and {} had lost their series; its files are kept in {}",
          orphan.damaged(),
          nameless,
          orphan.place().keepAside());
    }
    orphan.place().remove();
    producer.unregister();
  }

  /** Lets go of what could not be stored, for whoever comes next. */
  void close() throws IOException {
    for (Orphan orphan : waiting) {
      orphan.place().leave();
    }
    waiting.clear();
  }
}
