package io.latencystore.spool;

import io.latencystore.StoreOverloadedException;
import io.latencystore.policy.OverflowPolicy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The stretch of a spool that exists: empty segments are put in front of the tail, full ones are
 * let go behind what is committed, unless they are pinned, and put in front again. That costs a
 * twentieth of what a new file costs, so a spool that was once busy stays large until it has been
 * quiet for a while.
 *
 * <p>Assumes that one thread at a time calls {@link #extend} and {@link #trim}. Otherwise safe for
 * use by any thread; {@link #at} takes no lock.
 */
final class SegmentRing {

  private static final int SIZE = 1 << 12;

  /** How many segments there are at least, the one at the tail included. */
  static final int LEAST = 3;

  private final long producer;
  private final SegmentBuffers buffers;
  private final int limit;
  private final OverflowPolicy overflow;
  private final AtomicReferenceArray<@Nullable Segment> ring = new AtomicReferenceArray<>(SIZE);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Segment> released = new ArrayDeque<>();
  private final TreeMap<Long, Integer> pins = new TreeMap<>();
  private int made;
  private long committed;
  private long firstLive;
  private long installed;
  private boolean preparing;
  private boolean overflowing;
  private boolean stopped;
  private @Nullable IOException full;

  /** A ring without segments; the limit is how many bytes they may take. */
  SegmentRing(long producer, SegmentBuffers buffers, long limitBytes, OverflowPolicy overflow) {
    this.producer = producer;
    this.buffers = buffers;
    this.limit = (int) Math.min(SIZE - 1L, Math.max(LEAST, limitBytes / Segment.BYTES));
    this.overflow = overflow;
  }

  /** The segment that holds a position, or null if there is none. */
  @Nullable Segment at(long position) {
    long number = position >>> Segment.CELL_BITS;
    Segment segment = ring.getAcquire((int) number & (SIZE - 1));
    return segment != null && segment.number() == number ? segment : null;
  }

  /** The segments that hold what lies from one position to another, as far as they exist. */
  List<Segment> between(long from, long to) {
    List<Segment> segments = new ArrayList<>();
    for (long number = from >>> Segment.CELL_BITS; number << Segment.CELL_BITS < to; number++) {
      Segment segment = at(number << Segment.CELL_BITS);
      if (segment != null) {
        segments.add(segment);
      }
    }
    return segments;
  }

  /**
   * Puts in front of the tail whatever was let go, and new segments until there are so many.
   *
   * @throws IOException if the disk has no room for another
   */
  void extend(long tail, int least) throws IOException {
    while (true) {
      Segment reused;
      long number;
      lock.lock();
      try {
        number = installed;
        if (number - firstLive >= SIZE) {
          return;
        }
        reused = released.poll();
        boolean enough = number >= (tail >>> Segment.CELL_BITS) + least;
        preparing = reused != null || !(enough || made >= limit);
        if (!preparing) {
          return;
        }
      } finally {
        lock.unlock();
      }
      install(prepare(number, reused));
    }
  }

  /** An empty segment; a released one unless a late publisher may still write to it. */
  private Segment prepare(long number, @Nullable Segment reused) throws IOException {
    if (reused != null && !reused.isAbandoned()) {
      return Segment.prepare(producer, number, reused.buffer());
    }
    if (reused != null) {
      discard(reused);
    }
    Segment segment = Segment.prepare(producer, number, buffers.allocate());
    lock.lock();
    try {
      made++;
    } finally {
      lock.unlock();
    }
    return segment;
  }

  private void discard(Segment segment) {
    buffers.release(segment.buffer());
    lock.lock();
    try {
      made--;
    } finally {
      lock.unlock();
    }
  }

  private void install(Segment segment) {
    lock.lock();
    try {
      ring.setRelease((int) segment.number() & (SIZE - 1), segment);
      installed = segment.number() + 1;
      preparing = false;
      full = null;
      overflowing = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Says that the disk has no room for another segment, until one is installed. */
  void noRoom(IOException why) {
    lock.lock();
    try {
      preparing = false;
      full = why;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of segments in front of the tail, until there are so many. */
  void trim(LongSupplier tail, int most) {
    while (true) {
      Segment last;
      lock.lock();
      try {
        long number = installed - 1;
        if (number < (tail.getAsLong() >>> Segment.CELL_BITS) + most) {
          return;
        }
        last = ring.getAndSet((int) number & (SIZE - 1), null);
        // Whoever claims cells in it has seen the tail there before it was gone from the ring.
        if (last == null || tail.getAsLong() >= last.firstPosition()) {
          ring.set((int) number & (SIZE - 1), last);
          changed.signalAll();
          return;
        }
        installed = number;
      } finally {
        lock.unlock();
      }
      discard(last);
    }
  }

  /**
   * Waits for the segment at a position, if there is room for it or the policy says so.
   *
   * @param wanted whether it is still that position which matters
   * @return whether to look again; if not, there is no room
   * @throws StoreOverloadedException if there is none and the policy says so
   */
  boolean await(long position, BooleanSupplier wanted) {
    lock.lock();
    try {
      long patience = overflow.patience().toNanos();
      while (at(position) == null && wanted.getAsBoolean()) {
        if (stopped) {
          return false;
        }
        if (!isFull()) {
          awaitChange(TimeUnit.SECONDS.toNanos(1));
        } else if (overflow.kind() == OverflowPolicy.Kind.FAIL) {
          throw new StoreOverloadedException(
              "the spool has reached its limit of "
                  + limit
                  + " MiB; see why the database does not take what is recorded",
              full);
        } else if (overflow.kind() == OverflowPolicy.Kind.DROP_NEWEST
            || overflowing
            || patience <= 0) {
          overflowing = true;
          return false;
        } else {
          patience = awaitChange(patience);
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return full != null || (made >= limit && released.isEmpty() && !preparing);
  }

  /** Waits for a change; an interrupt is kept for the caller and does not end the wait. */
  private long awaitChange(long nanos) {
    long deadline = System.nanoTime() + nanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return changed.awaitNanos(deadline - System.nanoTime());
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Lets go of what lies before a position, once nobody has it pinned. */
  void release(long position) {
    lock.lock();
    try {
      committed = Math.max(committed, position);
      letGo();
    } finally {
      lock.unlock();
    }
  }

  private void letGo() {
    long keep = pins.isEmpty() ? committed : Math.min(committed, pins.firstKey());
    while (firstLive < keep >>> Segment.CELL_BITS) {
      Segment segment = ring.getAndSet((int) firstLive & (SIZE - 1), null);
      if (segment != null) {
        released.add(segment);
      }
      firstLive++;
    }
  }

  /** Keeps what exists until {@link #unpin}; returns the first position of that. */
  long pin() {
    lock.lock();
    try {
      long held = firstLive << Segment.CELL_BITS;
      pins.merge(held, 1, Integer::sum);
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** Ends one {@link #pin}. */
  void unpin(long held) {
    lock.lock();
    try {
      pins.merge(held, -1, (before, less) -> before + less == 0 ? null : before + less);
      letGo();
    } finally {
      lock.unlock();
    }
  }

  /** Makes everybody who waits give up. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
