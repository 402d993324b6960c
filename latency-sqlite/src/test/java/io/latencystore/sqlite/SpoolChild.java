package io.latencystore.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.DropReason;
import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.StoreStats;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.Expiry;
import io.latencystore.policy.RetentionPolicy;
import io.latencystore.policy.RetryPolicy;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of processes that record and are killed: {@code VERB URL NAME ACKNOWLEDGED} and a
 * number. Each thread records 1, 2, 3, … as latencies of a series of its own, and notes what was
 * acknowledged in {@link SpoolAcknowledged}. Every 61st measurement has metadata. Where
 * measurements expire, every 7th is followed by one of long ago.
 */
final class SpoolChild {

  static final int THREADS = 3;
  static final String OLD_SERIES = "old";
  private static final int OLD = 7;
  private static final int PACE = 500;
  private static final int CALM_PACE = 50;
  private static final String METADATA = "@{\"attempt\": 1}".repeat(100);

  private final String name;
  private final SpoolAcknowledged acknowledged;
  private final boolean expires;
  private final int pace;
  private volatile boolean told;

  private SpoolChild(String verb, String name, SpoolAcknowledged acknowledged) {
    this.name = name;
    this.acknowledged = acknowledged;
    this.expires = verb.contains("expire");
    this.pace = expires || verb.contains("calmly") ? CALM_PACE : PACE;
  }

  public static void main(String[] arguments) throws Exception {
    String url = arguments[1];
    SpoolChild child =
        new SpoolChild(
            arguments[0], arguments[2], SpoolAcknowledged.in(Path.of(arguments[3]), THREADS));
    int number = Integer.parseInt(arguments[4]);
    switch (arguments[0]) {
      case "record-for-ever" -> child.recordForEver(eager(url));
      case "record-for-ever-at-once" -> child.recordForEver(eager(url).startInBackground());
      case "record-for-ever-lazily" ->
          child.recordForEver(eager(url).batch(BatchPolicy.within(Duration.ofHours(1))));
      case "record-until-told", "record-calmly-until-told" -> child.recordUntilTold(eager(url));
      case "record-one-and-halt" -> child.recordOneAndHalt(eager(url).startInBackground());
      case "record-and-flush-for-ever" -> child.recordAndFlushForEver(eager(url));
      case "record-and-flush" -> child.recordAndFlush(eager(url), number);
      case "record-and-close" -> child.recordAndClose(eager(url), number);
      case "claim-beside-others" -> child.claimBesideOthers(eager(url), number);
      case "record-and-expire-until-told" ->
          child.recordUntilTold(
              eager(url)
                  .clock(Numbered.CLOCK)
                  .maintenanceInterval(Duration.ofMillis(20))
                  .retention(RetentionPolicy.keepFor(Numbered.AGE)));
      case "retain" -> child.retain(eager(url), number);
      case "only-open" -> child.onlyOpen(eager(url));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static LatencyStoreBuilder eager(String url) {
    return LatencyStore.builder(url)
        .batch(BatchPolicy.upTo(5_000).or(BatchPolicy.within(Duration.ofMillis(20))))
        .retry(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(20)));
  }

  private void recordForEver(LatencyStoreBuilder builder) throws Exception {
    LatencyStore store = builder.open();
    for (int thread = 0; thread < THREADS; thread++) {
      int me = thread;
      start(() -> record(store, me, 1, Long.MAX_VALUE));
    }
    say("ready");
    awaitLine();
  }

  /** Ends with a clean close, and says whether what went in is committed. */
  private void recordUntilTold(LatencyStoreBuilder builder) throws Exception {
    LatencyStore store = builder.open();
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int me = thread;
      threads.add(start(() -> record(store, me, 1, Long.MAX_VALUE)));
    }
    say("ready");
    awaitLine();
    told = true;
    for (Thread thread : threads) {
      thread.join();
    }
    store.close(Duration.ofSeconds(30));
    StoreStats stats = store.stats();
    long kept = stats.committed() + stats.dropped().getOrDefault(DropReason.EXPIRED, 0L);
    say(
        stats.recorded() + stats.adopted() == kept && stats.pending() == 0
            ? "all committed"
            : stats.toString());
  }

  private void recordOneAndHalt(LatencyStoreBuilder builder) {
    record(builder.open(), 0, 1, 1);
    Runtime.getRuntime().halt(SpoolProcess.HALTED);
  }

  /** Notes as acknowledged, instead of what was recorded, what a flush said is stored. */
  private void recordAndFlushForEver(LatencyStoreBuilder builder) {
    LatencyStore store = builder.open();
    LatencyRecorder recorder = store.recorder(series(name, 0), "command");
    say("ready");
    for (long i = 1; ; i++) {
      recorder.record(Numbered.NOON + i, i);
      if (i % PACE == 0 && store.flush() == FlushResult.STORED) {
        acknowledged.set(0, i);
      }
    }
  }

  private void recordAndFlush(LatencyStoreBuilder builder, int count) throws Exception {
    LatencyStore store = builder.open();
    record(store, 0, 1, count);
    store.flush();
    awaitLine();
  }

  private void recordAndClose(LatencyStoreBuilder builder, int count) {
    try (LatencyStore store = builder.open()) {
      record(store, 0, 1, count);
      store.flush();
    }
  }

  /** Lets the others record with metadata only, which does not go by the failpoint, then claims. */
  private void claimBesideOthers(LatencyStoreBuilder builder, int count) throws Exception {
    LatencyStore store = builder.open();
    CountDownLatch recorded = new CountDownLatch(THREADS - 1);
    for (int thread = 1; thread < THREADS; thread++) {
      int me = thread;
      start(
          () -> {
            for (long i = 1; ; i++) {
              store.record(measurement(me, i, METADATA.substring((int) (i % 100))));
              acknowledged.set(me, i);
              if (i == count) {
                recorded.countDown();
              }
            }
          });
    }
    recorded.await();
    record(store, 0, 1, 1);
    awaitLine();
  }

  /** Expires what is older than so many seconds after noon. */
  private void retain(LatencyStoreBuilder builder, int seconds) {
    try (LatencyStore store = builder.open()) {
      store
          .maintenance()
          .applyRetention(stored -> Expiry.before(Numbered.NOON_INSTANT.plusSeconds(seconds)));
    }
  }

  private void onlyOpen(LatencyStoreBuilder builder) throws IOException {
    builder.open();
    say("ready");
    awaitLine();
  }

  private void record(LatencyStore store, int thread, long from, long to) {
    LatencyRecorder recorder = store.recorder(series(name, thread), "command");
    for (long i = from; i <= to && !told; i++) {
      if (i % 61 == 0) {
        store.record(measurement(thread, i, METADATA.substring((int) (i % 1_000))));
      } else {
        recorder.record(Numbered.NOON + i, i);
      }
      acknowledged.set(thread, i);
      if (expires && i % OLD == 0) {
        store.recorder(OLD_SERIES, "command").record(Numbered.LONG_AGO + i, i);
      }
      if (i % pace == 0) {
        LockSupport.parkNanos(5_000_000);
      }
    }
  }

  static String series(String name, int thread) {
    return name + "-" + thread;
  }

  private LatencyMeasurement measurement(int thread, long i, String metadata) {
    return LatencyMeasurement.ofMicros(
        Numbered.NOON + i, i, series(name, thread), "command", true, metadata);
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void say(String line) {
    new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8).println(line);
  }

  private static void awaitLine() throws IOException {
    int next = System.in.read();
    while (next >= 0 && next != '\n') {
      next = System.in.read();
    }
  }
}
