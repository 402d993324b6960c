package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreLayout;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rows get partitions as blocks do. */
final class RowPartitionsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final long NOW_MICROS = NOW.getEpochSecond() * 1_000_000;
  private static final long WIDTH = 32 * 86_400_000_000L;

  @RegisterExtension final TestDatabase database = new TestDatabase();

  private LatencyStore open() {
    return LatencyStore.builder(database.url())
        .layout(StoreLayout.ROWS)
        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
        .open();
  }

  private static List<LatencyMeasurement> from(long micros, int count) {
    return LongStream.range(0, count)
        .mapToObj(
            n -> LatencyMeasurement.ofMicros(micros + n, n, "component", "command", true, null))
        .toList();
  }

  private long rowsIn(String table) throws SQLException {
    return Long.parseLong(database.ask("SELECT count(*) FROM " + table).get(0));
  }

  private static String nameOf(long micros) {
    return "latency_event_slot_" + Math.floorDiv(micros, WIDTH);
  }

  @Test
  void whatIsNearThePresentGetsAPartitionAndAStrayDoesNot() throws SQLException {
    try (LatencyStore store = open()) {
      store.append(from(NOW_MICROS, 500));
      store.append(from(NOW_MICROS - 20 * WIDTH, 10));

      assertThat(rowsIn(nameOf(NOW_MICROS))).isEqualTo(500);
      assertThat(rowsIn("latency_event_default")).isEqualTo(10);
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(510);
    }
  }

  @Test
  void straysThatBecomeManyMoveIntoAPartition() throws SQLException {
    long border = Math.floorDiv(-20 * WIDTH, WIDTH) * WIDTH;
    try (LatencyStore store = open()) {
      for (int i = 0; i < 4; i++) {
        store.append(from(border - 1, 101));
      }

      assertThat(rowsIn(nameOfNegative(border))).isEqualTo(400);
      assertThat(rowsIn("latency_event_default")).isEqualTo(4);
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(404);
    }
  }

  @Test
  void theDefaultPartitionIsDrainedByTheMomentOfEachRow() throws SQLException {
    long border = -20 * WIDTH;
    try (LatencyStore store = open()) {
      store.append(from(border - 1, 101));
      database.execute(
          "INSERT INTO latency.latency_event SELECT "
              + border
              + " + n, 1, series_id, true FROM latency.latency_event, generate_series(1, 3) n WHERE ts >= "
              + border);
    }

    Partitions partitions =
        new Partitions(PartitionStatements.ROWS, "here", Clock.fixed(NOW, ZoneOffset.UTC));
    try (Connection connection = database.connect()) {
      assertThat(partitions.gather(connection)).isEqualTo(400);
      assertThat(partitions.strays(connection)).as("before the border").isOne();
    }
    assertThat(rowsIn(nameOfNegative(border))).isEqualTo(400);
  }

  private static String nameOfNegative(long micros) {
    return "latency_event_slot_minus_" + -Math.floorDiv(micros, WIDTH);
  }
}
