package io.latencystore.query;

import io.latencystore.block.BlockHeader;
import java.math.BigInteger;

/**
 * Count, errors, sum, sum of squares, minimum and maximum of latencies, all exact. For one thread.
 */
final class Moments {

  private long count;
  private long errors;
  private long min = Long.MAX_VALUE;
  private long max;
  private final WideSum sum = new WideSum();
  private final WideSum squares = new WideSum();

  /** Adds a whole block, whose header knows the sum of squares. */
  void add(BlockHeader header, long sumOfSquares) {
    count(header.count(), header.success());
    min = Math.min(min, header.minMicros());
    max = Math.max(max, header.maxMicros());
    sum.add(header.sumMicros());
    squares.add(sumOfSquares);
  }

  void add(Sums sums) {
    count(sums.count(), sums.success());
    min = Math.min(min, sums.minMicros());
    max = Math.max(max, sums.maxMicros());
    sum.add(sums.sumMicros());
    addSquares(sums.squaresUpper(), sums.squaresLower());
  }

  void add(long[] latencies, int from, int to, boolean success) {
    count(to - from, success);
    long all = 0;
    for (int i = from; i < to; i++) {
      long latency = latencies[i];
      all |= latency;
      min = Math.min(min, latency);
      max = Math.max(max, latency);
    }
    if (all <= Integer.MAX_VALUE) {
      addSmall(latencies, from, to);
    } else {
      for (int i = from; i < to; i++) {
        sum.add(latencies[i]);
        squares.add(Math.multiplyHigh(latencies[i], latencies[i]), latencies[i] * latencies[i]);
      }
    }
  }

  /** Latencies below 2^31, at most 2^31 of them: no partial sum overflows. */
  private void addSmall(long[] latencies, int from, int to) {
    long total = 0;
    long lower = 0;
    long upper = 0;
    for (int i = from; i < to; i++) {
      long square = latencies[i] * latencies[i];
      total += latencies[i];
      lower += square & 0xffff_ffffL;
      upper += square >>> Integer.SIZE;
    }
    sum.add(total);
    addSquares(upper, lower);
  }

  private void addSquares(long upper, long lower) {
    squares.add(lower);
    squares.add(upper >>> Integer.SIZE, upper << Integer.SIZE);
  }

  private void count(long measurements, boolean success) {
    count += measurements;
    errors += success ? 0 : measurements;
  }

  long count() {
    return count;
  }

  long errors() {
    return errors;
  }

  long min() {
    return min;
  }

  long max() {
    return max;
  }

  BigInteger sum() {
    return sum.value();
  }

  BigInteger squares() {
    return squares.value();
  }
}
