package io.latencystore.spool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a spool: {@value #CELLS} cells of {@value #CELL_BYTES} bytes, in a mapped file or in
 * memory.
 *
 * <pre>
 * file    = head cells
 * head    = magic:u64 producer:u64 number:u64, zeros up to {@value #HEAD_BYTES} bytes
 *           number: which stretch of the spool this is; −1 while the segment is being prepared
 * cell    = word:u64 timestamp:i64 latency:i64 length:u64           all little-endian
 * word    = checksum:32 argument:24 kind:8                          0: not published
 * kind    = RECORD [SUCCESS] [METADATA]   argument: index of the series; length: bytes of metadata, which follow in the
 *                                         next cells
 *         | PENDING                       argument: how many cells a record with metadata is about to fill
 *         | SKIP                          argument: how many cells hold nothing
 * </pre>
 *
 * <p>A cell's position in the spool is {@code number · CELLS + index}. The checksum is seeded with
 * producer and position, so that what an earlier use of the segment left behind cannot pass for
 * new.
 *
 * <p>Assumes that a cell is claimed by one thread. Guarantees that a record is seen whole or not at
 * all: its words are written first, and the first word last, by a compare-and-set from 0, which
 * fails if a reader has given the cell up.
 */
final class Segment {

  static final int CELL_BYTES = 32;
  static final int CELLS = 1 << 15;
  static final int CELL_BITS = 15;
  static final int HEAD_BYTES = 4096;
  static final int BYTES = HEAD_BYTES + CELLS * CELL_BYTES;

  static final int SUCCESS = 0x01;
  static final int METADATA = 0x02;
  static final int RECORD = 0x10;
  static final int SKIP = 0x20;
  static final int PENDING = 0x40;

  private static final long MAGIC = 0x314C4F4F5053544CL; // "LTSPOOL1"
  private static final long MAX_NUMBER = 1L << 47;
  private static final int KIND_MASK = 0xff;
  private static final int ARGUMENT_SHIFT = 8;
  private static final int ARGUMENT_MASK = 0xff_ffff;
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long producer;
  private final long number;
  private final ByteBuffer buffer;
  private volatile boolean abandoned;

  /** A segment that is in use, over a buffer of {@value #BYTES} bytes. */
  Segment(long producer, long number, ByteBuffer buffer) {
    this.producer = producer;
    this.number = number;
    this.buffer = buffer;
  }

  /**
   * Empties a buffer, which also brings its pages in, and marks it as the given stretch of the
   * producer's spool.
   */
  static Segment prepare(long producer, long number, ByteBuffer buffer) {
    LONG.setRelease(buffer, 16, -1L);
    VarHandle.fullFence();
    for (int at = HEAD_BYTES; at < BYTES; at += SegmentBuffers.ZEROS.length) {
      buffer.put(at, SegmentBuffers.ZEROS, 0, Math.min(SegmentBuffers.ZEROS.length, BYTES - at));
    }
    LONG.set(buffer, 0, MAGIC);
    LONG.set(buffer, 8, producer);
    LONG.setRelease(buffer, 16, number);
    return new Segment(producer, number, buffer);
  }

  /** The segment that a buffer read from a file holds, or null if it holds none. */
  static @Nullable Segment recover(long producer, ByteBuffer buffer) {
    long number = (long) LONG.get(buffer, 16);
    boolean valid =
        (long) LONG.get(buffer, 0) == MAGIC
            && (long) LONG.get(buffer, 8) == producer
            && number >= 0
            && number < MAX_NUMBER;
    return valid ? new Segment(producer, number, buffer) : null;
  }

  /** Whether a buffer read from a file was not in use: new, or being prepared. */
  static boolean isUnused(ByteBuffer buffer) {
    return (long) LONG.get(buffer, 0) == 0 || (long) LONG.get(buffer, 16) == -1;
  }

  /** Which cell of its segment a position is. */
  static int indexOf(long position) {
    return (int) position & (CELLS - 1);
  }

  /** How many cells there are from a position to the end of its segment. */
  static int cellsFrom(long position) {
    return CELLS - indexOf(position);
  }

  long number() {
    return number;
  }

  /** The position of its first cell in the spool. */
  long firstPosition() {
    return number << CELL_BITS;
  }

  /** How many bytes its head and so many cells take. */
  static int bytes(int cells) {
    return HEAD_BYTES + cells * CELL_BYTES;
  }

  ByteBuffer buffer() {
    return buffer;
  }

  /**
   * Whether a reader has given a cell up, whose late publisher may still come: such a segment is
   * not used again.
   */
  boolean isAbandoned() {
    return abandoned;
  }

  /** Publishes a record without metadata; false if a reader has given the cell up. */
  boolean publish(
      int index, int series, boolean success, long timestampMicros, long latencyMicros) {
    int at = HEAD_BYTES + index * CELL_BYTES;
    int low = series << ARGUMENT_SHIFT | RECORD | (success ? SUCCESS : 0);
    Failpoint.pass("claimed");
    LONG.set(buffer, at + 8, timestampMicros);
    LONG.set(buffer, at + 16, latencyMicros);
    return LONG.compareAndSet(buffer, at, 0L, word(index, low, timestampMicros, latencyMicros, 0));
  }

  /**
   * Publishes a record with metadata, which takes {@link #cells} cells; false if a reader has given
   * them up.
   */
  boolean publish(
      int index,
      int series,
      boolean success,
      long timestampMicros,
      long latencyMicros,
      byte[] metadata) {
    int at = HEAD_BYTES + index * CELL_BYTES;
    long pending = word(index, cells(metadata) << ARGUMENT_SHIFT | PENDING, 0, 0, 0);
    if (!LONG.compareAndSet(buffer, at, 0L, pending)) {
      return false;
    }
    Failpoint.pass("pending");
    LONG.set(buffer, at + 8, timestampMicros);
    LONG.set(buffer, at + 16, latencyMicros);
    LONG.set(buffer, at + 24, (long) metadata.length);
    buffer.put(at + CELL_BYTES, metadata);
    int low = series << ARGUMENT_SHIFT | RECORD | METADATA | (success ? SUCCESS : 0);
    long word =
        word(index, low, timestampMicros, latencyMicros, hash(at + CELL_BYTES, metadata.length));
    return LONG.compareAndSet(buffer, at, pending, word);
  }

  /** How many cells a record with this metadata takes. */
  static int cells(byte[] metadata) {
    return 1 + cellsFor(metadata.length);
  }

  private static int cellsFor(int bytes) {
    return (bytes + CELL_BYTES - 1) / CELL_BYTES;
  }

  /** Marks cells that were claimed as holding nothing. */
  void skip(int index, int cells) {
    LONG.compareAndSet(
        buffer,
        HEAD_BYTES + index * CELL_BYTES,
        0L,
        word(index, cells << ARGUMENT_SHIFT | SKIP, 0, 0, 0));
  }

  /**
   * Gives up a cell that was claimed and not published; what is published stays.
   *
   * @return how many cells that concerns, so that nobody looks for a cell inside a record
   */
  int abandon(int index) {
    int at = HEAD_BYTES + index * CELL_BYTES;
    while (true) {
      long found = (long) LONG.getAcquire(buffer, at);
      int kind = (int) found & KIND_MASK;
      if (found != 0 && kind != PENDING) {
        return cellsOfPublished(index, found);
      }
      int cells = found == 0 ? 1 : cellsOfUnpublished(index);
      abandoned = true;
      long skip = word(index, cells << ARGUMENT_SHIFT | SKIP, 0, 0, 0);
      if (LONG.compareAndSet(buffer, at, found, skip)) {
        return cells;
      }
    }
  }

  /** How many cells a published record takes, or {@link #UNPUBLISHED}. */
  int cellsOfPublished(int index) {
    long word = (long) LONG.getAcquire(buffer, HEAD_BYTES + index * CELL_BYTES);
    return word == 0 || ((int) word & KIND_MASK) == PENDING
        ? UNPUBLISHED
        : cellsOfPublished(index, word);
  }

  private int cellsOfPublished(int index, long word) {
    int left = CELLS - index;
    if (((int) word & KIND_MASK) == SKIP) {
      return Math.min(Math.max(1, argument(word)), left);
    }
    long length = (long) LONG.get(buffer, HEAD_BYTES + index * CELL_BYTES + 24);
    boolean hasMetadata =
        ((int) word & METADATA) != 0 && length >= 0 && length <= (long) (left - 1) * CELL_BYTES;
    return hasMetadata ? 1 + cellsFor((int) length) : 1;
  }

  /** What a look at a cell found. */
  static final int UNPUBLISHED = 0;

  /** What a look at a cell found, if neither a record nor a hole. */
  static final int DAMAGED = -1;

  /**
   * Gives the record that begins at a cell to the visitor.
   *
   * @return how many cells were looked at; {@link #UNPUBLISHED} if the cell is, {@link #DAMAGED} if
   *     it holds nothing valid
   */
  int read(int index, SpoolVisitor visitor) {
    int at = HEAD_BYTES + index * CELL_BYTES;
    long word = (long) LONG.getAcquire(buffer, at);
    int kind = (int) word & KIND_MASK;
    if (word == 0 || (kind == PENDING && word == word(index, (int) word, 0, 0, 0))) {
      return UNPUBLISHED;
    }
    if (kind == SKIP) {
      int cells = argument(word);
      boolean valid =
          word == word(index, (int) word, 0, 0, 0) && cells > 0 && cells <= CELLS - index;
      return valid ? cells : DAMAGED;
    }
    if ((kind & ~(SUCCESS | METADATA)) != RECORD) {
      return DAMAGED;
    }
    long timestamp = (long) LONG.get(buffer, at + 8);
    long latency = (long) LONG.get(buffer, at + 16);
    byte[] metadata = null;
    long hash = 0;
    int cells = 1;
    if ((kind & METADATA) != 0) {
      long length = (long) LONG.get(buffer, at + 24);
      if (length < 0 || length > (long) (CELLS - index - 1) * CELL_BYTES) {
        return DAMAGED;
      }
      metadata = new byte[(int) length];
      buffer.get(at + CELL_BYTES, metadata);
      hash = hash(at + CELL_BYTES, (int) length);
      cells = cells(metadata);
    }
    if (word != word(index, (int) word, timestamp, latency, hash) || latency < 0) {
      return DAMAGED;
    }
    visitor.measurement(argument(word), (kind & SUCCESS) != 0, timestamp, latency, metadata);
    return cells;
  }

  /**
   * How many cells an unpublished cell stands for: those that its record was about to fill, or one.
   */
  int cellsOfUnpublished(int index) {
    long word = (long) LONG.getAcquire(buffer, HEAD_BYTES + index * CELL_BYTES);
    return ((int) word & KIND_MASK) == PENDING
        ? Math.min(Math.max(1, argument(word)), CELLS - index)
        : 1;
  }

  private static int argument(long word) {
    return (int) word >>> ARGUMENT_SHIFT & ARGUMENT_MASK;
  }

  private long word(int index, int low, long timestamp, long latency, long hash) {
    // What does not depend on the position is mixed while the cell is being claimed.
    long content = mix((mix(timestamp) + latency) ^ hash);
    long position = (number << CELL_BITS) + index;
    long mixed = content ^ (producer + position * 0x9E3779B97F4A7C15L);
    mixed ^= mixed >>> 32;
    return ((mixed + low) * 0xD6E8FEB86659FD93L & 0xffff_ffff_0000_0000L) | (low & 0xffff_ffffL);
  }

  /**
   * The finaliser of SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
   * Generators", 2014.
   */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  private long hash(int at, int length) {
    long hash = length;
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      hash = mix(hash ^ (long) LONG.get(buffer, at + i));
    }
    for (; i < length; i++) {
      hash = mix(hash ^ buffer.get(at + i));
    }
    return hash;
  }
}
