package io.latencystore.spool;

import io.latencystore.Series;
import io.latencystore.SpoolOptions;
import io.latencystore.StoreOverloadedException;
import io.latencystore.StoreUnavailableException;
import io.latencystore.policy.OverflowPolicy;
import io.latencystore.policy.SyncPolicy;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one opened store has recorded and not yet committed: an endless row of cells, of which a
 * stretch exists, in {@link Segment}s.
 *
 * <ol>
 *   <li>A recording thread claims cells by moving {@link #tail} with a compare-and-set, writes
 *       them, and publishes them. It takes no lock, and makes no system call but to wake the keeper
 *       once in a segment, unless the next segment is missing.
 *   <li>The writer reads published cells in order, commits them together with the position it has
 *       reached, and releases everything before that position.
 *   <li>The keeper empties released segments and puts them, or new ones, in front of the tail.
 * </ol>
 *
 * <p>Positions are counted in cells from the start of the spool and never reused. Safe for use by
 * any thread.
 */
public final class Spool implements AutoCloseable {

  private static final int RING = 1 << 12;
  private static final int AHEAD = 2;
  private static final int SPARE = 1;
  private static final long CLOSED = 1L << 62;
  private static final VarHandle TAIL = tailHandle();

  private final long producer;
  private final int limit;
  private final OverflowPolicy overflow;
  private final int maxSeries;
  private final SyncPolicy sync;
  private final SpoolDirectory.@Nullable Place place;
  private final SegmentBuffers buffers;
  private final SeriesLog seriesLog;
  private final AtomicReferenceArray<@Nullable Segment> ring = new AtomicReferenceArray<>(RING);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Series, Integer> indexes = new HashMap<>();
  private final List<Series> series = new ArrayList<>();
  private final Deque<Segment> released = new ArrayDeque<>();
  private final TreeMap<Long, Integer> pins = new TreeMap<>();
  private final LongAdder damaged = new LongAdder();
  private final Thread keeper;
  private volatile long tail;
  private volatile long committed;
  private volatile long synced;
  private volatile boolean overflowing;
  private volatile boolean stopped;
  private final AtomicInteger buffersMade = new AtomicInteger();
  private long firstLive;
  private long installed;
  private @Nullable IOException full;

  /**
   * A new spool.
   *
   * @param producer a random number that no other spool has
   * @param place where its files lie, or null to keep it in memory
   * @param options how large it may become, and what happens then
   */
  public Spool(long producer, SpoolDirectory.@Nullable Place place, SpoolOptions options) {
    this.producer = producer;
    this.place = place;
    this.limit =
        (int) Math.min(RING - 1L, Math.max(AHEAD + SPARE, options.limitBytes() / Segment.BYTES));
    this.maxSeries = options.maxSeries();
    this.overflow = options.overflow();
    this.sync = options.sync();
    this.buffers = new SegmentBuffers(place == null ? null : place.directory());
    try {
      this.seriesLog = SeriesLog.create(place == null ? null : place.seriesFile());
      install();
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "the spool "
              + (place == null ? "" : place.directory())
              + " cannot be created ("
              + e
              + "); free some space",
          e);
    }
    keeper = new Thread(this::keep, "latency-keeper");
    keeper.setDaemon(true);
    keeper.start();
  }

  private static VarHandle tailHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(Spool.class, "tail", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The number that identifies this spool. */
  public long producer() {
    return producer;
  }

  /**
   * The index of a series, to be asked once and kept.
   *
   * @return the index, or −1 if there are as many series as there may be, or no room to note
   *     another
   */
  public int define(Series names) {
    lock.lock();
    try {
      Integer known = indexes.get(names);
      if (known != null) {
        return known;
      }
      if (series.size() >= maxSeries || stopped) {
        return -1;
      }
      seriesLog.append(names);
      if (sync.beforeReturning()) {
        seriesLog.force();
      }
      series.add(names);
      indexes.put(names, series.size() - 1);
      return series.size() - 1;
    } catch (IOException e) {
      return -1;
    } finally {
      lock.unlock();
    }
  }

  /** Says to which store the measurements belong, once that is known. */
  public void belongsTo(String storeId) throws IOException {
    if (place != null) {
      place.belongsTo(storeId);
    }
  }

  /** The series of an index. */
  public Series series(int index) {
    lock.lock();
    try {
      return series.get(index);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Records a measurement; returns whether there was room for it.
   *
   * @throws StoreOverloadedException if there was none and the policy says so
   */
  public boolean append(
      int seriesIndex, boolean success, long timestampMicros, long latencyMicros) {
    while (true) {
      long position = tail;
      Segment segment = segmentAt(position);
      if (segment == null) {
        if (!awaitSegment(position)) {
          return false;
        }
      } else if (TAIL.compareAndSet(this, position, position + 1)) {
        int index = indexOf(position);
        if (index == 0) {
          LockSupport.unpark(keeper);
        }
        if (segment.publish(index, seriesIndex, success, timestampMicros, latencyMicros)) {
          syncBeforeReturning(segment);
          return true;
        }
      } else {
        Thread.onSpinWait();
      }
    }
  }

  /** Records a measurement with metadata; see {@link #append(int, boolean, long, long)}. */
  public boolean append(
      int seriesIndex, boolean success, long timestampMicros, long latencyMicros, byte[] metadata) {
    int cells = Segment.cells(metadata);
    while (true) {
      long position = tail;
      Segment segment = segmentAt(position);
      if (segment == null) {
        if (!awaitSegment(position)) {
          return false;
        }
        continue;
      }
      int index = indexOf(position);
      int left = Segment.CELLS - index;
      if (!TAIL.compareAndSet(this, position, position + Math.min(cells, left))) {
        Thread.onSpinWait();
        continue;
      }
      if (index == 0 || cells >= left) {
        LockSupport.unpark(keeper);
      }
      if (cells > left) {
        segment.skip(index, left);
      } else if (segment.publish(
          index, seriesIndex, success, timestampMicros, latencyMicros, metadata)) {
        syncBeforeReturning(segment);
        return true;
      }
    }
  }

  private void syncBeforeReturning(Segment segment) {
    if (sync.beforeReturning()) {
      try {
        SegmentBuffers.force(segment.buffer());
      } catch (IOException e) {
        throw new StoreUnavailableException(
            "what was recorded could not be synced (" + e + "); see the system's log", e);
      }
    }
  }

  private @Nullable Segment segmentAt(long position) {
    long number = position >>> Segment.CELL_BITS;
    Segment segment = ring.getAcquire((int) number & (RING - 1));
    return segment != null && segment.number() == number ? segment : null;
  }

  private static int indexOf(long position) {
    return (int) position & (Segment.CELLS - 1);
  }

  /** Waits until the segment at a position is there; returns whether it may be tried again. */
  private boolean awaitSegment(long position) {
    if ((position & CLOSED) != 0) {
      return false;
    }
    lock.lock();
    try {
      long patience = overflow.patience().toNanos();
      while (segmentAt(position) == null && tail == position) {
        LockSupport.unpark(keeper);
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
    return full != null || (buffersMade.get() >= limit && released.isEmpty());
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

  /** The position behind everything that was claimed so far. */
  public long tail() {
    return tail & ~CLOSED;
  }

  /** The position before which everything is committed. */
  public long committed() {
    return committed;
  }

  /** How many cells were found to hold nothing valid. */
  public long damaged() {
    return damaged.sum();
  }

  /**
   * Gives what is published from one position to another to a visitor, in order.
   *
   * @return the position it reached: {@code to}, a little more if the last record does not end
   *     there, or that of the first cell that is claimed and not published
   */
  public long read(long from, long to, SpoolVisitor visitor) {
    long position = from;
    while (position < to) {
      int cells = readAt(position, visitor);
      if (cells == Segment.UNPUBLISHED) {
        return position;
      }
      position += cells;
    }
    return position;
  }

  /**
   * Like {@link #read}, but passes over what is not published: whoever records it has not been told
   * that it is.
   */
  public void readPublished(long from, long to, SpoolVisitor visitor) {
    for (long position = from; position < to; ) {
      int cells = readAt(position, visitor);
      Segment segment = segmentAt(position);
      position +=
          cells != Segment.UNPUBLISHED || segment == null
              ? Math.max(1, cells)
              : segment.cellsOfUnpublished(indexOf(position));
    }
  }

  /** How many measurements are published from one position to another. */
  public long count(long from, long to) {
    long[] found = new long[1];
    readPublished(from, to, (series, success, timestamp, latency, metadata) -> found[0]++);
    return found[0];
  }

  private int readAt(long position, SpoolVisitor visitor) {
    Segment segment = segmentAt(position);
    if (segment == null) {
      throw new IllegalStateException(
          "position " + position + " of the spool was released while it was read");
    }
    int cells = segment.read(indexOf(position), visitor);
    if (cells == Segment.DAMAGED) {
      damaged.increment();
      return 1;
    }
    return cells;
  }

  /**
   * Gives up the claimed cells from one position to another that are still not published; what
   * comes late claims anew.
   */
  public void abandon(long from, long to) {
    for (long position = from; position < to; ) {
      Segment segment = segmentAt(position);
      position += segment == null ? 1 : segment.abandon(indexOf(position));
    }
  }

  /**
   * Says that everything before a position is committed, so that its segments may be used again.
   */
  public void release(long position) {
    lock.lock();
    try {
      committed = Math.max(committed, position);
      recycle();
    } finally {
      lock.unlock();
    }
  }

  private void recycle() {
    long keep = pins.isEmpty() ? committed : Math.min(committed, pins.firstKey());
    boolean any = false;
    while (firstLive < keep >>> Segment.CELL_BITS) {
      Segment segment = ring.getAndSet((int) firstLive & (RING - 1), null);
      if (segment != null) {
        released.add(segment);
        any = true;
      }
      firstLive++;
    }
    if (any) {
      LockSupport.unpark(keeper);
    }
  }

  /** A stretch of the spool that stays readable until it is closed. */
  public final class Pin implements AutoCloseable {

    private final long held;
    private final long from;
    private final long to;

    private Pin(long held, long from, long to) {
      this.held = held;
      this.from = from;
      this.to = to;
    }

    /** The position from which on the spool is readable. */
    public long from() {
      return from;
    }

    /** The position up to which it was filled when it was pinned. */
    public long to() {
      return to;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        pins.merge(held, -1, (before, less) -> before + less == 0 ? null : before + less);
        recycle();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Keeps what is not committed yet readable. */
  public Pin pin() {
    lock.lock();
    try {
      long held = firstLive << Segment.CELL_BITS;
      pins.merge(held, 1, Integer::sum);
      return new Pin(held, Math.max(held, committed), tail());
    } finally {
      lock.unlock();
    }
  }

  /** Whether what is recorded survives the process. */
  public boolean survivesProcess() {
    return place != null;
  }

  /** Makes what was published survive a power cut, up to the position that this returns. */
  public long sync() throws IOException {
    long position = tail();
    List<Segment> segments = new ArrayList<>();
    lock.lock();
    try {
      for (long number = Math.max(synced, committed) >>> Segment.CELL_BITS;
          number <= position >>> Segment.CELL_BITS && number < installed;
          number++) {
        Segment segment = ring.get((int) number & (RING - 1));
        if (segment != null) {
          segments.add(segment);
        }
      }
      seriesLog.force();
    } finally {
      lock.unlock();
    }
    for (Segment segment : segments) {
      SegmentBuffers.force(segment.buffer());
    }
    synced = Math.max(synced, position);
    return position;
  }

  /** Syncs what was already there at the last look and is still not committed. */
  private void syncOld(long tailBefore) throws IOException {
    if (place != null && Math.max(committed, synced) < tailBefore) {
      sync();
    }
  }

  private void keep() {
    long tailBefore = -1;
    long syncedAt = System.nanoTime();
    while (!stopped) {
      try {
        install();
        if (System.nanoTime() - syncedAt >= sync.interval().toNanos()) {
          syncOld(tailBefore);
          syncedAt = System.nanoTime();
        }
        if (tail == tailBefore) {
          trim();
        }
        tailBefore = tail;
      } catch (IOException e) {
        lock.lock();
        try {
          full = e;
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(full == null ? 1_000 : 100));
    }
  }

  /** Puts segments in front of the tail until there are enough. */
  private void install() throws IOException {
    while (true) {
      Segment reused;
      long number;
      lock.lock();
      try {
        number = installed;
        if (number > (tail() >>> Segment.CELL_BITS) + AHEAD - 1 || number - firstLive >= RING) {
          return;
        }
        reused = released.poll();
        if (reused == null && buffersMade.get() >= limit) {
          return;
        }
      } finally {
        lock.unlock();
      }
      put(prepare(number, reused));
    }
  }

  /** An empty segment; a released one unless a late publisher may still write to it. */
  private Segment prepare(long number, @Nullable Segment reused) throws IOException {
    if (reused != null && !reused.isAbandoned()) {
      return Segment.prepare(producer, number, reused.buffer());
    }
    if (reused != null) {
      buffers.release(reused.buffer());
      buffersMade.decrementAndGet();
    }
    Segment made = Segment.prepare(producer, number, buffers.allocate());
    buffersMade.incrementAndGet();
    return made;
  }

  private void put(Segment segment) {
    lock.lock();
    try {
      ring.setRelease((int) segment.number() & (RING - 1), segment);
      installed = segment.number() + 1;
      full = null;
      overflowing = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of segments that a burst has left behind. */
  private void trim() {
    while (true) {
      Segment spare;
      lock.lock();
      try {
        if (released.size() <= SPARE) {
          return;
        }
        spare = released.poll();
      } finally {
        lock.unlock();
      }
      if (spare != null) {
        buffers.release(spare.buffer());
        buffersMade.decrementAndGet();
      }
    }
  }

  /** Accepts nothing more; what was claimed before can still be published, read and released. */
  public void seal() {
    long position;
    do {
      position = tail;
    } while ((position & CLOSED) == 0 && !TAIL.compareAndSet(this, position, position | CLOSED));
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    LockSupport.unpark(keeper);
  }

  /** Stops the keeper and closes the files; removes them if everything is committed. */
  @Override
  public void close() {
    seal();
    boolean interrupted = Thread.interrupted();
    while (keeper.isAlive()) {
      try {
        keeper.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    try {
      seriesLog.close();
      if (place != null) {
        if (committed >= tail()) {
          place.remove();
        } else {
          place.leave();
        }
      }
    } catch (IOException e) {
      throw new StoreUnavailableException("the spool cannot be closed (" + e + ")", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
