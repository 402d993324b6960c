package io.latencystore.query;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.Micros;
import io.latencystore.block.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Queries for tests, drawn near the measurements they are asked of. */
final class Queries {

  private static final double[] PERCENTILES = {
    0, 1e-9, 0.1, 1, 12.5, 25, 33.3, 50, 66.67, 75, 90, 95, 99, 99.9, 99.99, 99.999999, 100
  };

  private final Random random;
  private final List<LatencyMeasurement> measurements;

  Queries(Random random, List<LatencyMeasurement> measurements) {
    this.random = random;
    this.measurements = measurements;
  }

  LatencyQuery next() {
    LatencyQuery query = withPercentiles(LatencyQuery.all());
    query = withWindow(query);
    query = withSeries(query);
    query = withLatencies(query);
    return switch (random.nextInt(4)) {
      case 0 -> query.successes();
      case 1 -> query.failures();
      default -> query;
    };
  }

  private LatencyQuery withPercentiles(LatencyQuery query) {
    return switch (random.nextInt(4)) {
      case 0 -> query;
      case 1 -> query.withoutPercentiles();
      default ->
          query.percentiles(
              random
                  .doubles(random.nextInt(6), 0, PERCENTILES.length)
                  .map(index -> PERCENTILES[(int) index])
                  .toArray());
    };
  }

  private LatencyQuery withWindow(LatencyQuery query) {
    Instant one = moment();
    Instant other = moment();
    return switch (random.nextInt(5)) {
      case 0 -> query;
      case 1 -> query.window(one, null);
      case 2 -> query.window(null, one);
      case 3 -> query.window(one, one);
      default -> one.isBefore(other) ? query.window(one, other) : query.window(other, one);
    };
  }

  private Instant moment() {
    Instant moment = any().timestamp();
    return switch (random.nextInt(5)) {
      case 0 -> moment.plusNanos(1_000);
      case 1 -> moment.minusNanos(1_000);
      case 2 -> moment.plusSeconds(random.nextInt(100_000));
      default -> moment;
    };
  }

  private LatencyQuery withSeries(LatencyQuery query) {
    LatencyQuery chosen = query;
    if (random.nextInt(3) == 0) {
      chosen = chosen.components(names(Workload.component(random.nextInt(4))));
    }
    if (random.nextInt(4) == 0) {
      chosen = chosen.commands(names(Workload.command(random.nextInt(12))));
    }
    return chosen;
  }

  private List<String> names(String name) {
    return random.nextBoolean() ? List.of(name) : Arrays.asList(name, "", "no such name");
  }

  private LatencyQuery withLatencies(LatencyQuery query) {
    List<Long> bounds = new ArrayList<>(List.of(latency(), latency()));
    bounds.sort(null);
    LatencyQuery chosen = query;
    int which = random.nextInt(6);
    if (which == 0 || which == 1) {
      chosen = chosen.latencyAtLeast(Micros.toDuration(bounds.get(0)));
    }
    long least = which == 1 ? bounds.get(0) : 0;
    if ((which == 1 || which == 2) && least < bounds.get(1)) {
      chosen = chosen.latencyBelow(Micros.toDuration(bounds.get(1)));
    }
    return chosen;
  }

  private long latency() {
    long latency = any().latencyMicros();
    long shifted = latency + random.nextInt(3) - 1;
    return shifted < 0 ? latency : shifted;
  }

  private LatencyMeasurement any() {
    return measurements.isEmpty()
        ? new LatencyMeasurement(Instant.EPOCH, Duration.ZERO, "", "", true, null)
        : measurements.get(random.nextInt(measurements.size()));
  }
}
