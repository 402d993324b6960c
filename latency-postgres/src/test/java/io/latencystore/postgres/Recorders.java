package io.latencystore.postgres;

import io.latencystore.LatencyStore;
import io.latencystore.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Threads that record into a store, and one that loads, until they are told to stop. */
final class Recorders implements AutoCloseable {

  private static final int RECORDING = 2;
  private static final long PAUSE_NANOS = 1_000_000;

  private final Ledger ledger;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;
  private volatile @Nullable Throwable failure;

  private Recorders(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Starts threads of which each has a component of its own. */
  static Recorders start(Ledger ledger, LatencyStore store, long seed) {
    Recorders recorders = new Recorders(ledger);
    for (int i = 0; i < RECORDING; i++) {
      String component = "recorded-" + i;
      Random random = new Random(seed + i);
      recorders.run(() -> ledger.record(store, component, 1 + random.nextInt(100)));
    }
    return recorders;
  }

  /** Starts another thread, which loads. */
  void alsoLoad(LatencyStore store, long seed) {
    Random random = new Random(seed);
    run(() -> ledger.append(store, "loaded", 1 + random.nextInt(100)));
  }

  private void run(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              while (!over) {
                work.run();
                LockSupport.parkNanos(PAUSE_NANOS);
              }
            });
    thread.setUncaughtExceptionHandler((dead, e) -> failure = e);
    thread.start();
    threads.add(thread);
  }

  /** Waits until so much more is recorded. */
  void awaitMore(long measurements) throws Exception {
    long enough = ledger.total() + measurements;
    Await.until(
        measurements + " more are recorded",
        Duration.ofSeconds(30),
        () -> ledger.total() >= enough);
  }

  /** Waits until they have stopped; throws what one of them threw. */
  @Override
  public void close() {
    over = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Throwable thrown = failure;
    if (thrown != null) {
      throw new AssertionError("a recording thread failed", thrown);
    }
  }
}
