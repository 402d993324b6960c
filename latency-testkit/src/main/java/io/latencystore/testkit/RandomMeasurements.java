package io.latencystore.testkit;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.Micros;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Measurements and queries in which the awkward is frequent: ties, the edges of hours, days and
 * greater slots, bounds on measurements, outliers, and names that are alike. For one thread.
 */
final class RandomMeasurements {

  private static final long HOUR = 3_600_000_000L;
  private static final List<String> NAMES = List.of("", "a", "A", "b", "\uFFFD", "\uD83D\uDE00");

  private final Random random;
  private final long[] anchors;
  private final int spreadBits;
  private final List<LatencyMeasurement> made = new ArrayList<>();

  RandomMeasurements(Random random) {
    this.random = random;
    anchors = new long[1 + random.nextInt(4)];
    long[] slots = {HOUR, 24 * HOUR, 32 * 24 * HOUR, 1_024 * 24 * HOUR};
    for (int i = 0; i < anchors.length; i++) {
      anchors[i] = slots[random.nextInt(slots.length)] * (random.nextInt(40) - 10);
    }
    spreadBits = 4 + random.nextInt(40);
  }

  LatencyMeasurement next() {
    LatencyMeasurement measurement =
        LatencyMeasurement.ofMicros(
            timestamp(), latency(), name(3), name(NAMES.size()), random.nextInt(5) > 0, metadata());
    made.add(measurement);
    return measurement;
  }

  private long timestamp() {
    long anchor = anchors[random.nextInt(anchors.length)];
    return switch (random.nextInt(20)) {
      case 0 -> anchor;
      case 1 -> anchor - 1;
      case 2 -> random.nextLong() >> 12;
      default -> anchor + (random.nextLong() >> (63 - spreadBits));
    };
  }

  private long latency() {
    return switch (random.nextInt(20)) {
      case 0 -> 0;
      case 1 -> Long.MAX_VALUE - random.nextInt(3);
      case 2 -> random.nextLong() >>> 1;
      case 3, 4, 5 -> random.nextInt(3);
      default -> 1_000L * random.nextInt(1_000);
    };
  }

  private String name(int choices) {
    return NAMES.get(random.nextInt(choices));
  }

  /** One of the components there are. */
  String component() {
    return name(3);
  }

  private @org.jspecify.annotations.Nullable String metadata() {
    return random.nextInt(30) > 0 ? null : "{\"n\":" + random.nextInt(5) + "}";
  }

  LatencyQuery query() {
    LatencyQuery query = LatencyQuery.all();
    if (random.nextBoolean()) {
      query = window(query);
    }
    if (random.nextInt(3) == 0) {
      query = query.component(name(3), name(3));
    }
    if (random.nextInt(3) == 0) {
      query = query.command(name(NAMES.size()), "nobody");
    }
    if (random.nextInt(4) == 0) {
      query = random.nextBoolean() ? query.successes() : query.failures();
    }
    if (random.nextInt(4) == 0) {
      query = query.latencyAtLeast(Sample.micros(random.nextInt(500_000)));
    }
    if (random.nextInt(4) == 0) {
      query = query.latencyBelow(Sample.micros(500_000 + random.nextInt(500_000)));
    }
    if (random.nextInt(3) == 0) {
      query = query.percentiles(0, random.nextInt(1_001) / 10.0, random.nextDouble() * 100, 100);
    } else if (random.nextInt(3) == 0) {
      query = query.withoutPercentiles();
    }
    return query;
  }

  private LatencyQuery window(LatencyQuery query) {
    long one = bound();
    long other = bound();
    Instant from = Micros.toInstant(Math.min(one, other)).plusNanos(random.nextInt(1_000));
    Instant to = Micros.toInstant(Math.max(one, other)).plusNanos(999);
    return switch (random.nextInt(4)) {
      case 0 -> query.window(from, null);
      case 1 -> query.window(null, to);
      default -> query.window(from, to);
    };
  }

  /** On a measurement, or beside one. */
  private long bound() {
    long on = made.isEmpty() ? 0 : made.get(random.nextInt(made.size())).timestampMicros();
    return on + random.nextInt(3) - 1;
  }
}
