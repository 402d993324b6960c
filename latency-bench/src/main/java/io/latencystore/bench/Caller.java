package io.latencystore.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A thread that records, and what its calls have cost it: JMH adds the iterations and threads up,
 * and counts here the calls around the measured time as well.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Caller {

  private static final ThreadMXBean THREADS =
      (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long BEGIN_MICROS = 1_767_225_600_000_000L;
  private static final int LATENCIES = 1 << 10;

  /** How often it called. */
  public long calls;

  /** The processor time that took. */
  public long cpuNanos;

  /** The bytes its own thread allocated meanwhile, a few hundred of them for JMH. */
  public long allocatedBytes;

  private long made;
  private long madeBefore;
  private long cpuNanosBefore;
  private long allocatedBytesBefore;

  /** Notes what there was before. */
  @Setup(Level.Iteration)
  public void begin() {
    madeBefore = made;
    allocatedBytesBefore = THREADS.getCurrentThreadAllocatedBytes();
    cpuNanosBefore = THREADS.getCurrentThreadCpuTime();
  }

  /** When the next operation ended: one in a microsecond. */
  long endedAtMicros() {
    return BEGIN_MICROS + ++made;
  }

  /** How long the operation took that ended last. */
  long latencyMicros() {
    return LATENCIES + (made & (LATENCIES - 1));
  }

  /** Notes what has come since. */
  @TearDown(Level.Iteration)
  public void end() {
    cpuNanos = THREADS.getCurrentThreadCpuTime() - cpuNanosBefore;
    allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - allocatedBytesBefore;
    calls = made - madeBefore;
  }
}
