package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.MaintenanceStep;
import io.latencystore.Micros;
import io.latencystore.RetentionReport;
import io.latencystore.StoreListener;
import io.latencystore.policy.Expiry;
import java.io.IOException;
import java.util.List;

/** A store whose older half expires. */
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public abstract class FullStore extends Full implements StoreListener {

  private LatencyStore store;
  private WriteTimes times;
  private long begunNanos;
  private long deletedNanos;

  /** Opens it, empty. */
  final void open(LatencyStoreBuilder builder) {
    store = builder.appendBatch(BATCH).listener(this).open();
  }

  final LatencyStore store() {
    return store;
  }

  @Override
  void insert(List<LatencyMeasurement> batch) {
    store.append(batch);
  }

  @Override
  void begin() throws InterruptedException {
    times = new WriteTimes();
  }

  /** Applies the retention. */
  final RetentionReport retain() {
    begunNanos = System.nanoTime();
    return store
        .maintenance()
        .applyRetention(stored -> Expiry.before(Micros.toInstant(CUTOFF_MICROS)));
  }

  /** Hears of what was deleted, and later of space that was given back. */
  @Override
  public final void maintained(MaintenanceStep step) {
    if (step.kind() == MaintenanceStep.Kind.EXPIRE) {
      deletedNanos = System.nanoTime() - begunNanos;
    }
  }

  @Override
  void end() throws IOException, InterruptedException {
    Figures.took("deleted", deletedNanos);
    try (WriteTimes ended = times) {
      Figures.longest("longestWrite", ended.longestNanos());
    }
  }

  @Override
  long count() {
    return store
        .summarize(
            LatencyQuery.all().window(null, Micros.toInstant(LATER_MICROS)).withoutPercentiles())
        .count();
  }
}
