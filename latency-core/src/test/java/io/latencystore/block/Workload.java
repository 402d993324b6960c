package io.latencystore.block;

import io.latencystore.LatencyMeasurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Measurements for tests, the same for the same seed.
 *
 * @param times what their timestamps look like
 * @param latencies what their latencies look like
 * @param texts how many of them have metadata
 * @param count how many there are
 * @param series of how many series they are
 * @param seed what the rest depends on
 */
public record Workload(
    Times times, Latencies latencies, Texts texts, int count, int series, long seed) {

  /** Mid-2026, in microseconds, not on any boundary. */
  public static final long BASE = 1_782_000_123_456_789L;

  private static final long HOUR = 3_600_000_000L;
  private static final long DAY = 24 * HOUR;

  /** Shapes of timestamps. */
  public enum Times {
    STEADY,
    MILLISECONDS,
    TIES,
    SPARSE,
    BURSTS,
    AROUND_EPOCH,
    BOUNDARIES,
    CENTURIES,
    ANY,
    EXTREMES;

    /** The timestamp of measurement {@code i}. */
    long next(Random random, int i) {
      return switch (this) {
        case STEADY -> BASE + i * 1_000L + random.nextInt(900);
        case MILLISECONDS -> (BASE + random.nextInt(86_400_000) * 1_000L) / 1_000 * 1_000;
        case TIES -> BASE + random.nextInt(5);
        case SPARSE -> BASE + between(random, 0, 500 * DAY);
        case BURSTS ->
            BASE + random.nextInt(40) * 2L * DAY + random.nextInt(4) * HOUR + random.nextInt(1_000);
        case AROUND_EPOCH -> between(random, -3 * DAY, 3 * DAY);
        case BOUNDARIES -> boundary(random) + random.nextInt(3) - 1;
        case CENTURIES -> between(random, -73_000 * DAY, 73_000 * DAY);
        case ANY -> random.nextLong();
        case EXTREMES -> extreme(random);
      };
    }

    private static long boundary(Random random) {
      Level level = Level.of(random.nextInt(4));
      return level.firstMicrosOf(level.slotOf(BASE) + random.nextInt(3) - 1);
    }

    private static long extreme(Random random) {
      long near = random.nextInt(3);
      return switch (random.nextInt(3)) {
        case 0 -> Long.MIN_VALUE + near;
        case 1 -> Long.MAX_VALUE - near;
        default -> near - 1;
      };
    }
  }

  /** Shapes of latencies. */
  public enum Latencies {
    ZERO,
    CONSTANT,
    MILLISECONDS,
    EXPONENTIAL,
    LOGNORMAL,
    OUTLIERS,
    EVERY_MAGNITUDE,
    POWERS_OF_TWO,
    ANY,
    NEAR_MAX;

    /** The next latency. */
    public long next(Random random) {
      return switch (this) {
        case ZERO -> 0;
        case CONSTANT -> 1_234_567;
        case MILLISECONDS -> random.nextInt(500) * 1_000L;
        case EXPONENTIAL -> (long) (-20_000 * Math.log(1 - random.nextDouble()));
        case LOGNORMAL -> (long) Math.exp(9 + 1.5 * random.nextGaussian());
        case OUTLIERS ->
            random.nextInt(100) == 0
                ? 1_000_000_000L + random.nextInt(1_000_000)
                : 100 + random.nextInt(50);
        case EVERY_MAGNITUDE -> random.nextLong() >>> (1 + random.nextInt(63));
        case POWERS_OF_TWO -> Math.max(0, (1L << random.nextInt(63)) + random.nextInt(3) - 1);
        case ANY -> random.nextLong() >>> 1;
        case NEAR_MAX -> Long.MAX_VALUE - random.nextInt(3);
      };
    }
  }

  /** How often there is metadata. */
  public enum Texts {
    NONE,
    SOME,
    ALL,
    LONG;

    @Nullable String next(Random random) {
      return switch (this) {
        case NONE -> null;
        case SOME -> random.nextInt(10) == 0 ? text(random) : null;
        case ALL -> text(random);
        case LONG ->
            random.nextInt(3) == 0
                ? "é".repeat(random.nextInt(LatencyMeasurement.MAX_METADATA_BYTES / 2 + 1))
                : null;
      };
    }

    private static String text(Random random) {
      return switch (random.nextInt(4)) {
        case 0 -> "";
        case 1 -> "{\"file\":\"src/Main.java\",\"line\":" + random.nextInt(1_000) + "}";
        case 2 -> "naïve 日本 \ud83d\ude80";
        default -> Long.toHexString(random.nextLong());
      };
    }
  }

  private static long between(Random random, long from, long to) {
    return from + Math.floorMod(random.nextLong(), to - from);
  }

  /** The measurements, in no order. */
  public List<LatencyMeasurement> measurements() {
    Random random = new Random(seed);
    List<LatencyMeasurement> made = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int number = random.nextInt(series);
      made.add(
          LatencyMeasurement.ofMicros(
              times.next(random, i),
              latencies.next(random),
              component(number),
              command(number),
              random.nextInt(8) != 0,
              texts.next(random)));
    }
    return made;
  }

  /** The component of a series. */
  public static String component(int number) {
    return switch (number % 4) {
      case 0 -> "editor";
      case 1 -> "";
      case 2 -> "\uffee";
      default -> "\ud83d\ude80";
    };
  }

  /** The command of a series. */
  public static String command(int number) {
    return "select " + number / 4;
  }
}
