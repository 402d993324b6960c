package io.latencystore.postgres;

import io.latencystore.DropReason;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.MaintenanceStep;
import io.latencystore.MaintenanceStep.Kind;
import io.latencystore.StoreListener;
import io.latencystore.StoreStats;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.Expiry;
import io.latencystore.policy.RetentionPolicy;
import io.latencystore.policy.RetryPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of processes that record while what is old expires, until they are told to stop or
 * are killed: {@code NAME ACKNOWLEDGED BEGUN}, with the database in the environment. Each thread
 * records 1, 2, 3, … as latencies of a series of its own, so far apart that every {@value
 * #PER_PARTITION} begin another partition, and as many a second as all the others, counted from the
 * moment when the test has begun, in milliseconds.
 */
final class ExpiringChild {

  private static final int PER_PARTITION = 500;
  private static final int PER_SECOND = 2_000;
  private static final int KEPT_PARTITIONS = 16;
  private static final long PARTITION_MICROS = Duration.ofDays(32).toMillis() * 1_000;
  private static final long APART_MICROS = PARTITION_MICROS / PER_PARTITION;
  private static final Duration AGE = Duration.ofDays(32 * KEPT_PARTITIONS);
  private static final RetentionPolicy POLICY =
      stored ->
          stored
              .newest()
              .map(newest -> Expiry.before(newest.minus(AGE)))
              .orElseGet(Expiry::nothing);
  private static final Clock BEHIND_ALL =
      Clock.fixed(Instant.parse("2500-01-01T00:00:00Z"), ZoneOffset.UTC);

  private final LatencyStore store;
  private final Acknowledged acknowledged;
  private final long begunMillis;
  private volatile boolean over;

  private ExpiringChild(LatencyStore store, Acknowledged acknowledged, long begunMillis) {
    this.store = store;
    this.acknowledged = acknowledged;
    this.begunMillis = begunMillis;
  }

  public static void main(String[] arguments) throws Exception {
    Acknowledged acknowledged = Acknowledged.in(Path.of(arguments[1]), RecordingChild.THREADS);
    LatencyStoreBuilder builder =
        LatencyStoreBuilder.fromEnv(System.getenv())
            .clock(BEHIND_ALL)
            .retention(POLICY)
            .batch(BatchPolicy.within(Duration.ofMillis(20)))
            .retry(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(50)))
            .listener(
                new StoreListener() {
                  @Override
                  public void maintained(MaintenanceStep step) {
                    if (step.kind() == Kind.COMPACT) {
                      acknowledged.addMerged(step.count());
                    }
                  }
                });
    LatencyStore store = builder.open();
    new ExpiringChild(store, acknowledged, Long.parseLong(arguments[2]))
        .recordUntilInput(arguments[0]);
    store.close();
    StoreStats stats = store.stats();
    long expired = stats.dropped().getOrDefault(DropReason.EXPIRED, 0L);
    if (stats.recorded() + stats.adopted() != stats.committed() + expired) {
      throw new IllegalStateException(stats.toString());
    }
  }

  private void recordUntilInput(String name) throws IOException, InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < RecordingChild.THREADS; thread++) {
      int me = thread;
      threads.add(new Thread(() -> record(RecordingChild.series(name, me), me)));
    }
    threads.forEach(Thread::start);
    int input = System.in.read();
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
    if (input < 0) {
      throw new IOException("the test has ended");
    }
  }

  private void record(String component, int thread) {
    LatencyRecorder recorder = store.recorder(component, "command");
    for (long i = 1; !over; i++) {
      awaitTurn(i);
      recorder.record(timeOf(i), i);
      acknowledged.setOwn(thread, i);
    }
  }

  private void awaitTurn(long number) {
    long due = begunMillis + number * 1_000 / PER_SECOND;
    while (Clock.systemUTC().millis() < due && !over) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static long timeOf(long number) {
    return Numbered.NOON + number * APART_MICROS;
  }

  /** The first number that has not expired where everything before a moment has. */
  static long firstAfter(long cutoff) {
    return Math.max(1, -Math.floorDiv(Numbered.NOON - cutoff, APART_MICROS));
  }
}
