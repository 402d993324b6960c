package io.latencystore.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A thread that records; {@link CallCost} says what that has cost it. What it calls has subclasses,
 * since an iteration begins once that is prepared.
 */
@State(Scope.Thread)
public abstract class Caller {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long BEGIN_MICROS = 1_767_225_600_000_000L;
  private static final int LATENCIES = 1 << 10;
  private static final long AWAKE_NANOS = 100_000;

  /** How many calls it knows to have found no room for their measurement. */
  long dropped;

  private long made;
  private long turnNanos;
  private long madeBefore;
  private long cpuNanosBefore;
  private long allocatedBytesBefore;

  /** Notes what there was before. */
  final void begin() {
    madeBefore = made;
    dropped = 0;
    allocatedBytesBefore = THREADS.getCurrentThreadAllocatedBytes();
    cpuNanosBefore = THREADS.getCurrentThreadCpuTime();
  }

  /** When the next operation ended: one in a microsecond. */
  final long endedAtMicros() {
    return BEGIN_MICROS + ++made;
  }

  /** How long that operation took. */
  final long latencyMicros() {
    return LATENCIES + (made & (LATENCIES - 1));
  }

  /** How long the next operation took, if nobody asks when it ended. */
  final long nextLatencyMicros() {
    made++;
    return latencyMicros();
  }

  /** Whether it has made a multiple of so many calls. */
  final boolean hasMade(int multiple) {
    return made % multiple == 0;
  }

  /**
   * Waits until so much time has passed since the last turn; whoever is late begins anew. The last
   * stretch is spent awake, since whoever records has been working until then.
   */
  final void awaitTurn(long nanos) {
    turnNanos = Math.max(turnNanos + nanos, System.nanoTime());
    long left = turnNanos - System.nanoTime();
    while (left > 0) {
      if (left > AWAKE_NANOS) {
        LockSupport.parkNanos(this, left - AWAKE_NANOS);
      } else {
        Thread.onSpinWait();
      }
      left = turnNanos - System.nanoTime();
    }
  }

  /** Tells what has come since. */
  final void end() {
    long cpuNanos = THREADS.getCurrentThreadCpuTime() - cpuNanosBefore;
    long allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - allocatedBytesBefore;
    CallCost.add(made - madeBefore, cpuNanos, allocatedBytes);
    CallCost.addDropped(dropped);
  }
}
