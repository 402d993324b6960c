package io.latencystore.spool;

import io.latencystore.Series;
import io.latencystore.SpoolOptions;
import io.latencystore.StoreOverloadedException;
import io.latencystore.StoreUnavailableException;
import io.latencystore.policy.SyncPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one opened store has recorded and not yet committed: an endless row of cells, of which a
 * stretch exists, in {@link Segment}s.
 *
 * <ol>
 *   <li>A recording thread claims cells at the {@link Tail}, writes them, and publishes them. It
 *       takes no lock, and makes no system call but to wake the keeper once in a segment, unless
 *       the next segment is missing.
 *   <li>The writer reads published cells in order, commits them together with the position it has
 *       reached, and releases everything before that position.
 *   <li>The {@link Keeper} empties released segments and puts them, or new ones, in front of the
 *       tail.
 * </ol>
 *
 * <p>Positions are counted in cells from the start of the spool and never reused. Safe for use by
 * any thread.
 */
public final class Spool implements SpoolReader, AutoCloseable {

  private final long producer;
  private final SyncPolicy sync;
  private final SpoolDirectory.@Nullable Place place;
  private final SegmentBuffers buffers;
  private final SegmentRing ring;
  private final SeriesLog seriesLog;
  private final Tail tail;
  private final LongAdder damaged = new LongAdder();
  private final Keeper keeper;
  private volatile long committed;
  private volatile long synced;
  private volatile @Nullable Thread writer;
  private long checkedTo;

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
    this.sync = options.sync();
    this.buffers = new SegmentBuffers(place == null ? null : place.directory());
    this.ring = new SegmentRing(producer, buffers, options.limitBytes(), options.overflow());
    this.keeper = new Keeper(this, ring, sync.interval());
    this.tail = new Tail(ring, keeper);
    try {
      this.seriesLog =
          SeriesLog.create(place == null ? null : place.seriesFile(), options.maxSeries());
    } catch (IOException e) {
      throw cannotBeCreated(place, e);
    }
    try {
      ring.extend(0, 1);
      if (sync.beforeReturning()) {
        buffers.syncNames();
      }
    } catch (IOException e) {
      throw cannotBeCreated(place, closeAfter(e));
    }
    keeper.start();
  }

  private IOException closeAfter(IOException failure) {
    try {
      seriesLog.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private static StoreUnavailableException cannotBeCreated(
      SpoolDirectory.@Nullable Place place, IOException why) {
    return new StoreUnavailableException(
        "the spool "
            + (place == null ? "" : place.directory())
            + " cannot be created ("
            + why
            + "); free some space",
        why);
  }

  /**
   * A number that no other spool has or will have, anywhere. Asks the system itself where it can:
   * the JDK's own way there takes a process 15 ms to load.
   */
  public static long newProducer() {
    try (InputStream random = Files.newInputStream(Path.of("/dev/urandom"))) {
      return ByteBuffer.wrap(random.readNBytes(Long.BYTES)).getLong() >>> 1;
    } catch (IOException | BufferUnderflowException e) {
      return new SecureRandom().nextLong() >>> 1;
    }
  }

  @Override
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
    try {
      int index = isSealed() ? -1 : seriesLog.define(names);
      if (sync.beforeReturning()) {
        seriesLog.force();
      }
      return index;
    } catch (IOException e) {
      return -1;
    }
  }

  /** Says to which store the measurements belong, once that is known. */
  public void belongsTo(String storeId) throws IOException {
    if (place != null) {
      place.belongsTo(storeId);
    }
  }

  @Override
  public Series series(int index) {
    return seriesLog.get(index);
  }

  /**
   * Records a measurement; returns whether there was room for it.
   *
   * @throws StoreOverloadedException if there was none and the policy says so
   */
  public boolean append(
      int seriesIndex, boolean success, long timestampMicros, long latencyMicros) {
    while (true) {
      long position = tail.claim();
      if (position == Tail.NONE) {
        return false;
      }
      Segment segment = ring.at(position);
      int index = Segment.indexOf(position);
      if (index == 0) {
        keeper.wake();
      }
      // It is gone if the cell was given up before it was claimed from a stretch.
      if (segment != null
          && segment.publish(index, seriesIndex, success, timestampMicros, latencyMicros)) {
        syncBeforeReturning(segment, index + 1);
        return true;
      }
    }
  }

  /** Records a measurement with metadata; see {@link #append(int, boolean, long, long)}. */
  public boolean append(
      int seriesIndex, boolean success, long timestampMicros, long latencyMicros, byte[] metadata) {
    int cells = Segment.cells(metadata);
    while (true) {
      long position = tail.claim(cells);
      if (position == Tail.NONE) {
        return false;
      }
      Segment segment = ring.at(position);
      int index = Segment.indexOf(position);
      int left = Segment.cellsFrom(position);
      if (index == 0 || cells >= left) {
        keeper.wake();
      }
      if (segment == null) {
        continue; // It is gone, since the cells were given up meanwhile.
      }
      if (cells > left) {
        segment.skip(index, left);
      } else if (segment.publish(
          index, seriesIndex, success, timestampMicros, latencyMicros, metadata)) {
        syncBeforeReturning(segment, index + cells);
        return true;
      }
    }
  }

  private void syncBeforeReturning(Segment segment, int cells) {
    if (sync.beforeReturning()) {
      try {
        SegmentBuffers.force(segment.buffer(), Segment.bytes(cells));
      } catch (IOException e) {
        throw new StoreUnavailableException(
            "what was recorded could not be synced (" + e + "); see the system's log", e);
      }
    }
  }

  /** Says who is woken whenever another segment was filled. */
  public void wakeWhenFilled(Thread thread) {
    writer = thread;
  }

  void tellOfFilled() {
    LockSupport.unpark(writer);
  }

  /** The position behind everything that was claimed so far. */
  public long tail() {
    return tail.position();
  }

  /** How many cells before the tail are kept for what threads may record next. */
  public long unused() {
    return tail.unused();
  }

  /** The position before which everything is committed. */
  public long committed() {
    return committed;
  }

  /** How many cells the writer found to hold nothing valid. */
  public long damaged() {
    return damaged.sum();
  }

  /** For the writer's thread. */
  @Override
  public long read(long from, long to, SpoolVisitor visitor) {
    long position = from;
    while (position < to) {
      int cells = segmentAt(position).read(Segment.indexOf(position), visitor);
      if (cells == Segment.UNPUBLISHED) {
        if (tail.closeAt(position)) {
          continue;
        }
        return position;
      }
      if (cells == Segment.DAMAGED && position >= checkedTo) {
        damaged.increment();
      }
      position += Math.abs(cells);
      checkedTo = Math.max(checkedTo, position);
    }
    return position;
  }

  /**
   * Like {@link #read}, but for any thread, and passes over what is not published: whoever records
   * it has not been told that it is.
   *
   * @return the position it reached: {@code to}, or a little more if the last record does not end
   *     there
   */
  public long readPublished(long from, long to, SpoolVisitor visitor) {
    long position = from;
    while (position < to) {
      Segment segment = segmentAt(position);
      int index = Segment.indexOf(position);
      int cells = segment.read(index, visitor);
      // Behind a cell that was not published when it was read lies perhaps the metadata of a record
      // that is by now: it holds nothing valid, and is no damage.
      position +=
          cells == Segment.UNPUBLISHED ? segment.cellsOfUnpublished(index) : Math.abs(cells);
    }
    return position;
  }

  /** How many measurements are published from one position to another. */
  public long count(long from, long to) {
    long[] found = new long[1];
    readPublished(from, to, (series, success, timestamp, latency, metadata) -> found[0]++);
    return found[0];
  }

  private Segment segmentAt(long position) {
    Segment segment = ring.at(position);
    if (segment == null) {
      throw new IllegalStateException(
          "position " + position + " of the spool was released while it was read");
    }
    return segment;
  }

  /**
   * Gives up the claimed cells from one position to another that are still not published; what
   * comes late claims anew.
   */
  public void abandon(long from, long to) {
    tail.closeStretches();
    for (long position = from; position < to; ) {
      Segment segment = ring.at(position);
      position += segment == null ? 1 : segment.abandon(Segment.indexOf(position));
    }
  }

  /**
   * Says that everything before a position is committed, so that its segments may be used again.
   */
  public void release(long position) {
    committed = Math.max(committed, position);
    ring.release(position);
    keeper.wake();
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
      ring.unpin(held);
    }
  }

  /** Keeps what is not committed yet readable. */
  public Pin pin() {
    long held = ring.pin();
    return new Pin(held, Math.max(held, committed), tail());
  }

  /** Whether what is recorded survives the process. */
  public boolean survivesProcess() {
    return place != null;
  }

  /** Makes what was published survive a power cut, up to the position that this returns. */
  public long sync() throws IOException {
    tail.closeStretches();
    long from = Math.max(synced, committed);
    long to = tail();
    long published = publishedUpTo(from, to);
    buffers.syncNames();
    seriesLog.force();
    for (Segment segment : ring.between(from, to)) {
      long cells = Math.min(to - segment.firstPosition(), Segment.CELLS);
      SegmentBuffers.force(segment.buffer(), Segment.bytes((int) cells));
    }
    // What is published late lies behind this, and is synced again.
    synced = Math.max(synced, published);
    return to;
  }

  /** The position of the first cell that is not published, from one position to another. */
  private long publishedUpTo(long from, long to) {
    for (long position = from; position < to; ) {
      Segment segment = ring.at(position);
      int cells = segment == null ? 1 : segment.cellsOfPublished(Segment.indexOf(position));
      if (cells == Segment.UNPUBLISHED) {
        return position;
      }
      position += cells;
    }
    return to;
  }

  /** Syncs, unless what lies before a position is committed or synced already. */
  void syncUpTo(long position) throws IOException {
    if (place != null && Math.max(committed, synced) < position) {
      sync();
    }
  }

  /** Whether nothing more is accepted. */
  public boolean isSealed() {
    return tail.isSealed();
  }

  /** Accepts nothing more; what was claimed before can still be published, read and released. */
  public void seal() {
    tail.seal();
  }

  /** {@link #close(BooleanSupplier)} where nothing else knows of the spool. */
  @Override
  public void close() {
    close(() -> true);
  }

  /**
   * Stops the keeper and closes the files; removes them if everything is committed.
   *
   * @param forgotten called then, see {@link SpoolDirectory.Place#remove}
   */
  public void close(BooleanSupplier forgotten) {
    seal();
    keeper.stop();
    try {
      seriesLog.close();
      if (committed < tail()) {
        leave();
      } else if (place == null) {
        var unused = forgotten.getAsBoolean(); // There is no place that would stay.
      } else {
        place.remove(forgotten);
      }
    } catch (IOException e) {
      throw new StoreUnavailableException("the spool cannot be closed (" + e + ")", e);
    }
  }

  private void leave() throws IOException {
    if (place != null) {
      place.leave();
    }
  }
}
