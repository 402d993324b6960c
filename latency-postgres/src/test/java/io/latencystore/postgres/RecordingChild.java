package io.latencystore.postgres;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.RetryPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of processes that record until they are told to stop, or are killed: {@code NAME
 * ACKNOWLEDGED}, with the database in the environment. Each thread records 1, 2, 3, … as latencies
 * of a series of its own, over several partitions, and now and then one of a series that all
 * processes share and may have to create.
 */
final class RecordingChild {

  static final int THREADS = 2;
  static final String SHARED = "shared";

  private static final int SHARED_SERIES = 2_000;
  private static final int SHARED_EVERY = 20;
  private static final int PACE = 25;
  private static final long PAUSE_NANOS = 5_000_000;
  private static final int PER_PARTITION = 10_000;
  private static final int PARTITIONS = 8;
  private static final long PARTITION_MICROS = Duration.ofDays(32).toMillis() * 1_000;

  private final LatencyStore store;
  private final Acknowledged acknowledged;
  private volatile boolean over;

  private RecordingChild(LatencyStore store, Acknowledged acknowledged) {
    this.store = store;
    this.acknowledged = acknowledged;
  }

  public static void main(String[] arguments) throws Exception {
    LatencyStoreBuilder builder =
        LatencyStoreBuilder.fromEnv(System.getenv())
            .batch(BatchPolicy.upTo(2_000).or(BatchPolicy.within(Duration.ofMillis(20))))
            .retry(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(50)));
    try (LatencyStore store = builder.open()) {
      Acknowledged acknowledged = Acknowledged.in(Path.of(arguments[1]), THREADS);
      new RecordingChild(store, acknowledged).recordUntilInput(arguments[0]);
    }
  }

  private void recordUntilInput(String name) throws IOException, InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int me = thread;
      threads.add(new Thread(() -> record(series(name, me), me)));
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

  static String series(String name, int thread) {
    return name + "-" + thread;
  }

  private void record(String component, int thread) {
    Random random = new Random(component.hashCode());
    for (long i = 1; !over; i++) {
      record(component, "command", i);
      acknowledged.setOwn(thread, i);
      if (i % SHARED_EVERY == 0) {
        record(SHARED, "command-" + random.nextInt(SHARED_SERIES), i);
        acknowledged.setShared(thread, i / SHARED_EVERY);
      }
      if (i % PACE == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void record(String component, String command, long number) {
    long partition = number / PER_PARTITION % PARTITIONS;
    store.record(
        LatencyMeasurement.ofMicros(
            Numbered.NOON + partition * PARTITION_MICROS + number,
            number,
            component,
            command,
            true,
            null));
  }
}
