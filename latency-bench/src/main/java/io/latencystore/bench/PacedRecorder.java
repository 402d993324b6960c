package io.latencystore.bench;

import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.Series;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that records, and takes a short rest after each call. It remembers how its calls went,
 * one stretch of time after the other. What it records is of a time that nobody asks for.
 */
final class PacedRecorder extends Thread {

  private static final long REST_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** The calls of a stretch; to be looked at once the thread has ended. */
  static final class Calls {

    private long count;
    private long late;
    private long longestNanos;

    private void add(long nanos) {
      count++;
      if (nanos > LATE_NANOS) {
        late++;
      }
      longestNanos = Math.max(longestNanos, nanos);
    }

    /** Notes how many there were, how many took more than a millisecond, and the longest. */
    void note(String suffix) {
      Figures.count("records" + suffix, count);
      Figures.count("late" + suffix, late);
      Figures.longest("longestRecord" + suffix, longestNanos);
    }
  }

  private final LatencyRecorder recorder;
  private volatile Calls calls = new Calls();
  private volatile boolean ended;

  private PacedRecorder(LatencyRecorder recorder) {
    super("recorder");
    this.recorder = recorder;
  }

  /** A thread that has made its first calls. */
  static PacedRecorder start(LatencyStore store) throws InterruptedException {
    Series series = Workload.series(0);
    PacedRecorder started = new PacedRecorder(store.recorder(series.component(), series.command()));
    started.start();
    TimeUnit.NANOSECONDS.timedJoin(started, FIRST_NANOS);
    return started;
  }

  @Override
  public void run() {
    while (!ended) {
      long begun = System.nanoTime();
      recorder.record(Full.LATER_MICROS, 1);
      calls.add(System.nanoTime() - begun);
      LockSupport.parkNanos(REST_NANOS);
    }
  }

  /** Begins another stretch; returns its calls. */
  Calls begin() {
    Calls next = new Calls();
    calls = next;
    return next;
  }

  /** Lets it record for so long, then ends it. */
  void endAfter(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedJoin(this, Math.max(1, nanos));
    ended = true;
    join();
  }
}
