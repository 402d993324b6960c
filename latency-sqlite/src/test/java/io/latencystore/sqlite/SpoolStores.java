package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.LatencySummary;
import io.latencystore.StoreStats;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.RetryPolicy;
import io.latencystore.sql.Dialect;
import io.latencystore.store.SqlStoreProvider;
import io.latencystore.testkit.Await;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;

/** Stores that write soon and retry soon, and what must be so of any store. */
final class SpoolStores {

  private SpoolStores() {}

  /** A store on a file, whose batches are small and whose pauses are short. */
  static LatencyStoreBuilder eager(Path file) {
    return LatencyStore.builder("sqlite:" + file)
        .batch(BatchPolicy.upTo(100).or(BatchPolicy.within(Duration.ofMillis(5))))
        .retry(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(10)));
  }

  static LatencyStore open(LatencyStoreBuilder builder, Dialect dialect) {
    return SqlStoreProvider.open(builder.options(), dialect);
  }

  /** What the driver throws with a code of SQLite's. */
  static SQLException failure(int code) {
    return new SQLException("injected fault", null, code);
  }

  /** Records what has these numbers. */
  static void record(LatencyStore store, String component, long from, long to) {
    for (long i = from; i < to; i++) {
      store.record(Numbered.measurement(component, i));
    }
  }

  /** Asserts that what went in is somewhere, and nothing else is. */
  static void assertBalanced(StoreStats stats, String run) {
    assertThat(stats.recorded() + stats.appended() + stats.adopted())
        .as("%s, %s", stats, run)
        .isEqualTo(stats.committed() + stats.pending() + stats.totalDropped());
  }

  static void assertBalanced(StoreStats stats) {
    assertBalanced(stats, "");
  }

  /** Asserts that of a component the measurements from number 0 on are there, each once. */
  static void assertNumbered(LatencyStore store, String component, long count) {
    LatencySummary summary = store.summarize(LatencyQuery.all().component(component));
    assertThat(summary.count()).as(component).isEqualTo(count);
    assertThat(summary.sumMicros())
        .as(component)
        .isEqualTo(BigInteger.valueOf(count * (count - 1) / 2));
    if (count > 0) {
      assertThat(summary.max().orElseThrow().toNanos() / 1_000).as(component).isEqualTo(count - 1);
    }
  }

  /** Asserts that no measurement of a component is there twice. */
  static void assertNothingTwice(LatencyStore store, String component, String run) {
    try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all().component(component))) {
      assertThat(all.map(LatencyMeasurement::latencyMicros).toList())
          .as("%s, %s", component, run)
          .doesNotHaveDuplicates();
    }
  }

  /** Where the spools of a database file lie. */
  static Path spools(Path file) {
    return file.resolveSibling(file.getFileName() + ".spool");
  }

  /** Waits until the only spool left is that of the one store that is open. */
  static void awaitAdoption(Path file) throws Exception {
    Await.until(
        "every spool is adopted",
        Duration.ofSeconds(30),
        () -> {
          try (Stream<Path> found = Files.list(spools(file)).filter(Files::isDirectory)) {
            return found.filter(each -> each.getFileName().toString().indexOf('-') < 0).count()
                == 1;
          }
        });
  }
}
