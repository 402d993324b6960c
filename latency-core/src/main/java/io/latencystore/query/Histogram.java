package io.latencystore.query;

import org.jspecify.annotations.Nullable;

/**
 * Counts of numbers from 0 to 2^63 − 1: exact below 2^17, and above by 1,024 buckets for each power
 * of two. Takes at most 1.4 MB however much is added. For one thread.
 */
final class Histogram {

  /** A bucket and what is wanted in it. */
  record Bucket(long low, long width, long rankWithin) {}

  private static final int EXACT_BITS = 17;
  private static final int PAGE_BITS = 12;
  private static final int SUB_BITS = 10;

  private final long[] @Nullable [] exact = new long[1 << (EXACT_BITS - PAGE_BITS)] @Nullable [];
  private final long[] @Nullable [] octaves = new long[Long.SIZE - 1 - EXACT_BITS] @Nullable [];
  private long bytes;

  void add(long[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      long value = values[i];
      if (value < 1L << EXACT_BITS) {
        int page = (int) (value >>> PAGE_BITS);
        long[] counts = exact[page];
        if (counts == null) {
          counts = allocate(exact, page, 1 << PAGE_BITS);
        }
        counts[(int) value & ((1 << PAGE_BITS) - 1)]++;
      } else {
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
        long[] counts = octaves[exponent - EXACT_BITS];
        if (counts == null) {
          counts = allocate(octaves, exponent - EXACT_BITS, 1 << SUB_BITS);
        }
        counts[(int) (value >>> (exponent - SUB_BITS)) & ((1 << SUB_BITS) - 1)]++;
      }
    }
  }

  private long[] allocate(long[] @Nullable [] pages, int page, int size) {
    long[] counts = new long[size];
    pages[page] = counts;
    bytes += (long) size * Long.BYTES;
    return counts;
  }

  /** What the counts take in memory. */
  long bytes() {
    return bytes;
  }

  /** The bucket that holds the number of this rank, counted from 1. */
  Bucket find(long rank) {
    long before = 0;
    for (int page = 0; page < exact.length; page++) {
      long[] counts = exact[page];
      for (int i = 0; counts != null && i < counts.length; i++) {
        if (before + counts[i] >= rank) {
          return new Bucket(((long) page << PAGE_BITS) + i, 1, rank - before);
        }
        before += counts[i];
      }
    }
    for (int octave = 0; octave < octaves.length; octave++) {
      long[] counts = octaves[octave];
      for (int i = 0; counts != null && i < counts.length; i++) {
        if (before + counts[i] >= rank) {
          int shift = octave + EXACT_BITS - SUB_BITS;
          return new Bucket(((1L << SUB_BITS) + i) << shift, 1L << shift, rank - before);
        }
        before += counts[i];
      }
    }
    throw new IllegalArgumentException("rank " + rank + " of " + before);
  }
}
