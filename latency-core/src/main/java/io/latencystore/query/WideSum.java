package io.latencystore.query;

import java.math.BigInteger;

/**
 * An exact sum of unsigned 128-bit numbers, 192 bits wide: enough for 2^64 squares of 64-bit
 * numbers.
 */
final class WideSum {

  private long low;
  private long middle;
  private long high;

  void add(long unsigned) {
    add(0, unsigned);
  }

  /** Adds {@code upper · 2^64 + lower}, both read as unsigned. */
  void add(long upper, long lower) {
    low += lower;
    long carry = Long.compareUnsigned(low, lower) < 0 ? 1 : 0;
    middle += carry;
    if (carry == 1 && middle == 0) {
      high++;
    }
    middle += upper;
    if (Long.compareUnsigned(middle, upper) < 0) {
      high++;
    }
  }

  BigInteger value() {
    return unsigned(high)
        .shiftLeft(Long.SIZE)
        .or(unsigned(middle))
        .shiftLeft(Long.SIZE)
        .or(unsigned(low));
  }

  private static BigInteger unsigned(long bits) {
    BigInteger value = BigInteger.valueOf(bits);
    return bits < 0 ? value.add(BigInteger.ONE.shiftLeft(Long.SIZE)) : value;
  }
}
