package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import io.latencystore.policy.Expiry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A process that dies while it deletes what has expired leaves either all of that or none. */
@Timeout(120)
final class RetentionFailpointTest {

  private static final int MEASUREMENTS = 60_000;
  private static final int EXPIRED = 25_000;

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("latency.db");
  }

  private String url() {
    return "sqlite:" + file();
  }

  static Stream<Arguments> places() {
    return Stream.of("advancing", "advanced", "expiring", "expired", "given-back")
        .flatMap(
            place -> Stream.of(StoreLayout.values()).map(layout -> Arguments.of(place, layout)));
  }

  /** One each second from noon on, of ever the same 5 series; some with metadata. */
  private static LatencyMeasurement measurement(long n) {
    return LatencyMeasurement.ofMicros(
        Numbered.NOON + n * 1_000_000,
        n * 2_654_435_761L % (1L << 40),
        "c" + n % 5,
        "command",
        true,
        n % 50 == 0 ? "{}" : null);
  }

  private static List<LatencyMeasurement> all(LatencyStore store) {
    try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
      return all.toList();
    }
  }

  private static List<LatencyMeasurement> from(long first) {
    return LongStream.range(first, MEASUREMENTS)
        .mapToObj(RetentionFailpointTest::measurement)
        .toList();
  }

  private long number(String sql) throws Exception {
    return Long.parseLong(RawSql.row(file(), sql).get(0));
  }

  @ParameterizedTest
  @MethodSource("places")
  void whatIsLeftIsWholeAndTheNextOneFinishesIt(String place, StoreLayout layout) throws Exception {
    try (LatencyStore store = LatencyStore.builder(url()).layout(layout).open()) {
      store.append(from(0));
    }
    long size = Files.size(file());
    try (SpoolProcess process =
        SpoolProcess.start(
            directory, "retain", url(), "p", EXPIRED, "-Dio.latencystore.haltAt=" + place)) {
      process.awaitHalt();
    }

    try (LatencyStore store = LatencyStore.open(url())) {
      assertThat(all(store)).isEqualTo(from(place.equals("advancing") ? 0 : EXPIRED));
      store
          .maintenance()
          .applyRetention(stored -> Expiry.before(Numbered.NOON_INSTANT.plusSeconds(EXPIRED)));
      assertThat(all(store)).isEqualTo(from(EXPIRED));
    }
    assertThat(RawSql.row(file(), "PRAGMA integrity_check")).containsExactly("ok");
    long expired = Numbered.NOON + EXPIRED * 1_000_000L;
    assertThat(number("SELECT count(*) FROM latency_block WHERE last_ts < " + expired)).isZero();
    assertThat(number("SELECT count(*) FROM latency_event WHERE ts < " + expired)).isZero();
    assertThat(
            number(
                "SELECT count(*) FROM latency_metadata WHERE block_id NOT IN (SELECT id FROM latency_block)"))
        .isZero();
    assertThat(Files.size(file())).isLessThan(size * 3 / 4);
  }
}
