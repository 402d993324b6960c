package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.DropReason;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.RetentionReport;
import io.latencystore.StoreStats;
import io.latencystore.policy.Expiry;
import io.latencystore.policy.RetentionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random loads and retention policies, with compaction in between: after each of them a store
 * answers as {@link NaiveStore} does of what has not expired, to the last figure.
 */
interface RandomRetentionFacet extends StoreFixture {

  @Test
  default void whatHasNotExpiredIsAnsweredAsTheNaiveStoreAnswersIt() {
    long seed = Seed.next();
    Random random = new Random(seed);
    try {
      for (int run = 0; run < 4; run++) {
        try (LatencyStore store =
            open(
                builder ->
                    builder
                        .appendBatch(1 + random.nextInt(1_500))
                        .clock(Sample.clockAt(Instant.EPOCH.plus(Duration.ofDays(400_000)))))) {
          Model model = new Model(random, store);
          for (int step = 0; step < 8; step++) {
            model.write();
            model.mayCompact();
            model.retain();
            model.mayCompact();
            model.compare();
          }
        }
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(Seed.shown(seed) + ": " + e.getMessage(), e);
    }
  }

  /** What the store should hold. */
  final class Model {

    private final Random random;
    private final LatencyStore store;
    private final RandomMeasurements source;
    private final Map<String, Instant> cutoffs = new HashMap<>();
    private @Nullable Instant cutoff;
    private List<LatencyMeasurement> left;
    private long late;

    Model(Random random, LatencyStore store) {
      this.random = random;
      this.store = store;
      this.source = new RandomMeasurements(random);
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        left = new ArrayList<>(all.toList());
      }
      // What an earlier run has expired stays so.
      RetentionReport report = store.maintenance().planRetention(stored -> Expiry.nothing());
      cutoff = report.cutoff();
      cutoffs.putAll(report.componentCutoffs());
    }

    void write() {
      List<LatencyMeasurement> measurements =
          Stream.generate(source::next)
              .limit(random.nextInt(random.nextBoolean() ? 20 : 1_500))
              .toList();
      long before = left.size();
      measurements.stream().filter(this::isSeen).forEach(left::add);
      late += measurements.size() - (left.size() - before);
      if (random.nextInt(3) > 0) {
        assertThat(store.append(measurements)).isEqualTo(left.size() - before);
      } else {
        measurements.forEach(store::record);
      }
    }

    void retain() {
      store.flush();
      List<LatencyMeasurement> before = left;
      RetentionPolicy policy = policy();
      RetentionReport plan = store.maintenance().planRetention(policy);
      RetentionReport report = store.maintenance().applyRetention(policy);
      assertThat(report.cutoff()).isEqualTo(plan.cutoff());
      assertThat(report.componentCutoffs()).isEqualTo(plan.componentCutoffs());
      cutoff = later(cutoff, report.cutoff());
      report.componentCutoffs().forEach((name, moment) -> cutoffs.merge(name, moment, this::later));
      left = new ArrayList<>(before.stream().filter(this::isSeen).toList());
      assertThat(before.size() - left.size()).isEqualTo((int) plan.measurements());
    }

    /**
     * Half the time: what has expired and is not deleted must not come back with what is merged.
     */
    void mayCompact() {
      if (random.nextBoolean()) {
        store.flush();
        store.maintenance().compact();
      }
    }

    private @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
      return a == null ? b : b == null || a.isAfter(b) ? a : b;
    }

    private boolean isSeen(LatencyMeasurement measurement) {
      Instant at = measurement.timestamp();
      Instant own = cutoffs.get(measurement.component());
      return (cutoff == null || !at.isBefore(cutoff)) && (own == null || !at.isBefore(own));
    }

    /** A policy that knows what it must lead to, and says so when it does not. */
    private RetentionPolicy policy() {
      RetentionPolicy policy = policyForAll();
      return switch (random.nextInt(4)) {
        case 0 -> RetentionPolicy.forComponent(source.component(), policy);
        case 1 -> policy.and(RetentionPolicy.forComponent(source.component(), policyForAll()));
        default -> policy;
      };
    }

    private RetentionPolicy policyForAll() {
      if (left.isEmpty()) {
        return RetentionPolicy.keepFor(Duration.ofDays(1));
      }
      Instant on = left.get(random.nextInt(left.size())).timestamp();
      Instant beside = on.plusNanos(1_000L * (random.nextInt(3) - 1));
      Instant newest =
          left.stream()
              .map(LatencyMeasurement::timestamp)
              .max(Comparator.naturalOrder())
              .orElseThrow();
      return switch (random.nextInt(4)) {
        case 0 -> RetentionPolicy.keepNewest(1 + random.nextInt(left.size()));
        case 1 -> RetentionPolicy.keepBytes(1 + random.nextInt(20_000));
        case 2 ->
            RetentionPolicy.keepFor(
                Duration.between(on, newest).plusNanos(1_000L * (1 + random.nextInt(2))));
        default -> stored -> Expiry.before(beside);
      };
    }

    void compare() {
      NaiveStore naive = new NaiveStore();
      naive.addAll(left);
      for (int question = 0; question < 5; question++) {
        NaiveComparison.ofAll(random, source.query(), store, naive);
      }
      StoreStats stats = store.stats();
      assertThat(stats.recorded() + stats.appended() + stats.adopted())
          .isEqualTo(stats.committed() + stats.pending() + stats.totalDropped());
      store.flush();
      assertThat(store.stats().dropped().getOrDefault(DropReason.EXPIRED, 0L)).isEqualTo(late);
    }
  }
}
