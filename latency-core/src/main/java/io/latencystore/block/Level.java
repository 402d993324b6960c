package io.latencystore.block;

/**
 * The widths of the slots that time is divided into, aligned to the Unix epoch. Every block lies in
 * exactly one slot, at the lowest level whose slot holds it whole; so a busy series fills hours, a
 * rare one has one block for months, and a query for a range of time asks each level for the slots
 * between its ends.
 */
public enum Level {
  /** An hour. */
  HOUR(0, 3_600_000_000L),
  /** A day. */
  DAY(1, 24 * HOUR.widthMicros),
  /** 32 days. */
  DAYS_32(2, 32 * DAY.widthMicros),
  /** 1,024 days. */
  DAYS_1024(3, 32 * DAYS_32.widthMicros);

  private static final Level[] LEVELS = values();

  private final int number;
  private final long widthMicros;

  Level(int number, long widthMicros) {
    this.number = number;
    this.widthMicros = widthMicros;
  }

  /** The number by which this level is stored: 0 for hours, and so on up. */
  public int number() {
    return number;
  }

  /** The level of this number. */
  public static Level of(int number) {
    return LEVELS[number];
  }

  /** The lowest level on which one slot holds both moments, or the highest if none does. */
  static Level holding(long firstMicros, long lastMicros) {
    for (Level level : LEVELS) {
      if (level.slotOf(firstMicros) == level.slotOf(lastMicros)) {
        return level;
      }
    }
    return DAYS_1024;
  }

  /** The slot that holds this moment. */
  public long slotOf(long micros) {
    return Math.floorDiv(micros, widthMicros);
  }

  /** The last moment in a slot. */
  public long lastMicrosOf(long slot) {
    return slot >= slotOf(Long.MAX_VALUE) ? Long.MAX_VALUE : slot * widthMicros + (widthMicros - 1);
  }

  /** The first moment in a slot. */
  public long firstMicrosOf(long slot) {
    return slot <= slotOf(Long.MIN_VALUE) ? Long.MIN_VALUE : slot * widthMicros;
  }

  Level below() {
    return LEVELS[number - 1];
  }
}
