package io.latencystore.spool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Stretches of {@value #CELLS} cells that threads have claimed at once and not used up: if each
 * cell were claimed alone, all cores would fight for the tail, and for the cache line that
 * neighbouring cells share.
 *
 * <p>A thread has one stretch at a time, in the stripe of its number, which it may share with
 * others. A stripe is one word: the next cell of the stretch; a multiple of {@value #CELLS} if
 * there is none left, since stretches end there; negative while somebody gets the next one. Whoever
 * moves the word owns the cells that it passes. So what a thread records stays in order. Safe for
 * use by any thread.
 */
final class OpenClaims {

  /** How many cells a stretch has, up to the next multiple of that. */
  static final int CELLS = 64;

  /** No cell. */
  static final long NONE = -1;

  private static final int STRIPES = 64;
  private static final int PADDING = 16;
  private static final long BUSY = -1;
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] words = new long[(STRIPES + 2) * PADDING];

  /** Takes what is left of a stretch. */
  @FunctionalInterface
  interface Rest {

    /** Takes some cells, which nobody else will use. */
    void take(long from, long to);
  }

  private static int ownStripe() {
    return ((int) Thread.currentThread().getId() & (STRIPES - 1)) * PADDING + PADDING;
  }

  private static boolean isOpen(long word) {
    return word > 0 && (word & (CELLS - 1)) != 0;
  }

  /** The end of the stretch that holds a cell. */
  static long endOf(long cell) {
    return (cell | (CELLS - 1)) + 1;
  }

  /** The next cell of this thread's stretch, or {@link #NONE}. */
  long next() {
    int stripe = ownStripe();
    long word = (long) WORD.getVolatile(words, stripe);
    while (isOpen(word)) {
      if (WORD.compareAndSet(words, stripe, word, word + 1)) {
        return word;
      }
      word = (long) WORD.getVolatile(words, stripe);
    }
    return NONE;
  }

  /** Whether this thread shall claim the next stretch, and say so by {@link #opened}. */
  boolean begin() {
    int stripe = ownStripe();
    long word = (long) WORD.getVolatile(words, stripe);
    return word != BUSY && !isOpen(word) && WORD.compareAndSet(words, stripe, word, BUSY);
  }

  /** Says from which cell on this thread's new stretch may be used; 0 if there is none. */
  void opened(long next) {
    WORD.setVolatile(words, ownStripe(), next);
  }

  /** Closes the stretch of this thread. */
  void closeOwn(Rest rest) {
    close(ownStripe(), Long.MIN_VALUE, Long.MAX_VALUE, rest);
  }

  /** Closes all stretches. */
  void closeAll(Rest rest) {
    for (int stripe = PADDING; stripe <= STRIPES * PADDING; stripe += PADDING) {
      close(stripe, Long.MIN_VALUE, Long.MAX_VALUE, rest);
    }
  }

  /** Closes the stretch that a cell belongs to, if nobody has claimed the cell; returns whether. */
  boolean closeAt(long cell, Rest rest) {
    for (int stripe = PADDING; stripe <= STRIPES * PADDING; stripe += PADDING) {
      if (close(stripe, endOf(cell) - CELLS, cell, rest)) {
        return true;
      }
    }
    return false;
  }

  private boolean close(int stripe, long from, long to, Rest rest) {
    while (true) {
      long word = (long) WORD.getVolatile(words, stripe);
      if (!isOpen(word) || word < from || word > to) {
        return false;
      }
      if (WORD.compareAndSet(words, stripe, word, endOf(word))) {
        rest.take(word, endOf(word));
        return true;
      }
    }
  }

  /** How many cells are in stretches and not used. */
  long unused() {
    long unused = 0;
    for (int stripe = PADDING; stripe <= STRIPES * PADDING; stripe += PADDING) {
      long word = (long) WORD.getVolatile(words, stripe);
      unused += isOpen(word) ? endOf(word) - word : 0;
    }
    return unused;
  }
}
