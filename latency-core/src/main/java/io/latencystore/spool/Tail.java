package io.latencystore.spool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The tail of a spool, where threads claim cells: by a compare-and-set, only in a segment that is
 * there; one cell at a time, or a stretch at once as soon as threads have met (see {@link
 * OpenClaims}). Safe for use by any thread.
 */
final class Tail {

  /** No cell: there is no room, or the tail is sealed. */
  static final long NONE = OpenClaims.NONE;

  private static final long SEALED = 1L << 62;
  private static final VarHandle NEXT = nextHandle();

  private final SegmentRing ring;
  private final Keeper keeper;
  private final OpenClaims open = new OpenClaims();
  private volatile boolean contended;
  private volatile long next;

  /**
   * The tail of an empty spool.
   *
   * @param keeper puts segments in front of the tail
   */
  Tail(SegmentRing ring, Keeper keeper) {
    this.ring = ring;
    this.keeper = keeper;
  }

  private static VarHandle nextHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(Tail.class, "next", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The position behind everything that was claimed so far. */
  long position() {
    return next & ~SEALED;
  }

  /** Claims a cell; returns its position, or {@link #NONE}. */
  long claim() {
    while (true) {
      long position = contended ? open.next() : NONE;
      if (position != NONE) {
        return position;
      }
      position = next;
      if (ring.at(position) == null) {
        if (!awaitSegment(position)) {
          return NONE;
        }
      } else if (!contended) {
        if (NEXT.compareAndSet(this, position, position + 1)) {
          return position;
        }
        contended = true;
      } else if (open.begin()) {
        boolean claimed = NEXT.compareAndSet(this, position, OpenClaims.endOf(position));
        open.opened(claimed ? position + 1 : 0);
        if (claimed) {
          if (isSealed()) {
            open.closeOwn(this::skip);
          }
          return position;
        }
      } else {
        Thread.onSpinWait();
      }
    }
  }

  /**
   * Claims so many cells behind all that this thread has claimed before, or those that are left in
   * the segment if they are fewer; returns the position of the first, or {@link #NONE}.
   */
  long claim(int cells) {
    if (contended) {
      open.closeOwn(this::skip);
    }
    while (true) {
      long position = next;
      if (ring.at(position) == null) {
        if (!awaitSegment(position)) {
          return NONE;
        }
      } else if (NEXT.compareAndSet(
          this, position, position + Math.min(cells, Segment.cellsFrom(position)))) {
        return position;
      } else {
        contended = true;
      }
    }
  }

  private boolean awaitSegment(long position) {
    if ((position & SEALED) != 0) {
      return false;
    }
    keeper.wake();
    return ring.await(position, () -> next == position);
  }

  /** Marks cells that nobody will use. */
  private void skip(long from, long to) {
    Segment segment = ring.at(from);
    if (segment != null) {
      segment.skip(Segment.indexOf(from), (int) (to - from));
    }
  }

  /** How many cells are in stretches and not used. */
  long unused() {
    return open.unused();
  }

  /** Closes the stretch that a cell belongs to, if nobody has claimed the cell; returns whether. */
  boolean closeAt(long cell) {
    return open.closeAt(cell, this::skip);
  }

  /** Closes all stretches: what is claimed from now on lies behind the position. */
  void closeStretches() {
    open.closeAll(this::skip);
  }

  /** Whether nothing more can be claimed. */
  boolean isSealed() {
    return (next & SEALED) != 0;
  }

  /** Lets nobody claim any more, and whoever waits for a segment give up. */
  void seal() {
    long position;
    do {
      position = next;
    } while ((position & SEALED) == 0 && !NEXT.compareAndSet(this, position, position | SEALED));
    closeStretches();
    ring.stop();
  }
}
