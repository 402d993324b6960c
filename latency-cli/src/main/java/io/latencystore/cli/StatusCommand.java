package io.latencystore.cli;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.StoreCheck;
import io.latencystore.StoreState;
import io.latencystore.cli.Table.Column;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** {@code latency status}: what the store holds, how large it is and how it is doing. */
@Command(name = "status", description = "What the store holds, its size, state and versions.")
final class StatusCommand extends Verb {

  StatusCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    try (LatencyStore store = latency().openStore()) {
      Status status = Status.of(store);
      if (latency().json()) {
        JsonOutput.print(out(), status::write);
      } else {
        status.print(out());
      }
    }
  }

  private record Status(
      StoreCheck check,
      StoreState state,
      LatencySummary all,
      int series,
      Optional<Instant> first,
      Optional<Instant> last) {

    static Status of(LatencyStore store) {
      LatencyQuery all = LatencyQuery.all().withoutPercentiles();
      return new Status(
          store.check(),
          store.stats().state(),
          store.summarize(all),
          store.series().size(),
          first(store, all),
          store.last(all, 1).stream().map(LatencyMeasurement::timestamp).findFirst());
    }

    private static Optional<Instant> first(LatencyStore store, LatencyQuery query) {
      try (Stream<LatencyMeasurement> measurements = store.stream(query)) {
        return measurements.map(LatencyMeasurement::timestamp).findFirst();
      }
    }

    void write(JsonOutput json) throws IOException {
      json.field("location", check.location());
      json.field("database", check.database());
      json.field("schema_version", check.schemaVersion());
      json.field("store_id", check.storeId());
      json.field("layout", check.layout());
      json.field("size_bytes", check.sizeBytes());
      json.field("state", stateName());
      json.field("measurements", all.count());
      json.field("errors", all.errors());
      json.field("series", series);
      json.field("first_us", first.map(Micros::of));
      json.field("last_us", last.map(Micros::of));
      json.field("bytes_per_measurement", bytesPerMeasurement(check.sizeBytes(), all.count()));
      json.field("watermark_us", watermark().map(Micros::of));
      json.field("strays", check.strays());
    }

    void print(Appendable out) throws IOException {
      List<List<String>> rows =
          List.of(
              List.of("location", Printable.of(check.location())),
              List.of("database", Printable.of(check.database())),
              List.of("schema version", Printable.of(check.schemaVersion())),
              List.of("store id", Printable.of(check.storeId())),
              List.of("layout", Printable.of(check.layout())),
              List.of("size", Rounded.bytes(check.sizeBytes())),
              List.of("state", stateName()),
              List.of("measurements", Rounded.count(all.count())),
              List.of("errors", Rounded.count(all.errors())),
              List.of("series", Rounded.count(series)),
              List.of("first", first.map(Instant::toString).orElse("-")),
              List.of("last", last.map(Instant::toString).orElse("-")),
              List.of(
                  "bytes a measurement",
                  bytesPerMeasurement(check.sizeBytes(), all.count())
                      .map(BigDecimal::toPlainString)
                      .orElse("-")),
              List.of("watermark", watermark().map(Instant::toString).orElse("-")),
              List.of("strays", Rounded.count(check.strays())));
      new Table(List.of(Column.text(""), Column.text("")), rows).print(out);
    }

    private Optional<Instant> watermark() {
      return Optional.ofNullable(check.watermark());
    }

    private String stateName() {
      return state.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The size of a database divided by what it holds, to two decimals; empty if it holds nothing.
   */
  static Optional<BigDecimal> bytesPerMeasurement(long bytes, long measurements) {
    return measurements == 0
        ? Optional.empty()
        : Optional.of(
            BigDecimal.valueOf(bytes)
                .divide(BigDecimal.valueOf(measurements), 2, RoundingMode.HALF_UP));
  }
}
