package io.latencystore.spool;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The keeper: a thread that puts empty segments in front of a spool's tail, lets go of those that a
 * burst has left behind, and syncs what would otherwise stay uncommitted and unsynced for longer
 * than the sync interval.
 */
final class Keeper implements Runnable {

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long NO_ROOM_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int LOOKS = 5;
  private static final long TRIM_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** Where the tail was at a moment. */
  private record Look(long nanos, long tail) {}

  private final Spool spool;
  private final SegmentRing ring;
  private final long spacing;
  private final Deque<Look> looks = new ArrayDeque<>();
  private final Thread thread;
  private long trimmedAt = System.nanoTime();
  private long trimmedTail;
  private long toldOf;
  private volatile boolean stopped;

  Keeper(Spool spool, SegmentRing ring, Duration syncInterval) {
    this.spool = spool;
    this.ring = ring;
    this.spacing = syncInterval.toNanos() / LOOKS;
    this.thread = new Thread(this, "latency-keeper");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Asks it to look at the tail now. */
  void wake() {
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    while (!stopped) {
      Thread.interrupted(); // Nobody has a reason to; and it would not wait any more.
      long pause = Math.min(LOOK_NANOS, spacing);
      try {
        ring.extend(spool.tail(), SegmentRing.LEAST);
        tellOfFilled();
        trim();
        syncOld();
      } catch (IOException e) {
        ring.noRoom(e);
        pause = Math.min(NO_ROOM_NANOS, spacing);
      }
      LockSupport.parkNanos(this, pause);
    }
  }

  private void tellOfFilled() {
    long filled = spool.tail() >>> Segment.CELL_BITS;
    if (filled > toldOf) {
      toldOf = filled;
      spool.tellOfFilled();
    }
  }

  /** Keeps twice as many segments as were filled in the last seconds. */
  private void trim() {
    long now = System.nanoTime();
    if (now - trimmedAt >= TRIM_NANOS) {
      long tail = spool.tail();
      long filled = (tail - trimmedTail) >>> Segment.CELL_BITS;
      ring.trim(spool::tail, SegmentRing.LEAST + (int) Math.min(2 * filled, 1 << 16));
      trimmedTail = tail;
      trimmedAt = now;
    }
  }

  /** Syncs what a look as old as the interval, less one spacing, has seen already. */
  private void syncOld() throws IOException {
    long now = System.nanoTime();
    while (!looks.isEmpty() && now - looks.element().nanos() >= (LOOKS - 1) * spacing) {
      spool.syncUpTo(looks.remove().tail());
    }
    if (looks.isEmpty() || now - looks.getLast().nanos() >= spacing) {
      looks.add(new Look(now, spool.tail()));
    }
  }

  /** Stops, and waits for that; an interrupt is kept for the caller. */
  void stop() {
    stopped = true;
    wake();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
