package io.latencystore.cli;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.StoreCheck;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latency demo}: records made-up measurements and shows what the store makes of them. */
@Command(
    name = "demo",
    description = {
      "Records made-up measurements of the last hour, and shows how fast that was, how large they"
          + " are, and what they amount to.",
      "They are added to what the database holds."
    })
final class DemoCommand extends Verb {

  private static final Duration LENGTH = Duration.ofHours(1);
  private static final Duration BUCKET = Duration.ofMinutes(1);
  private static final BigDecimal P99 = BigDecimal.valueOf(99);
  private static final int MEASUREMENTS_A_STEP = 1_000;

  @Option(names = "--count", paramLabel = "N", description = "How many. Default: 1000000.")
  private long count = 1_000_000;

  @Mixin private final LayoutOption layout = new LayoutOption();

  DemoCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    if (count < 1) {
      throw new IllegalArgumentException("--count " + count + " is less than 1");
    }
    Instant to = latency().surroundings().clock().instant().truncatedTo(ChronoUnit.MICROS);
    Instant from = to.minus(LENGTH);
    try (LatencyStore store = latency().openStore(layout)) {
      Duration took = record(store, from);
      Result result = Result.of(store, count, took, LatencyQuery.between(from, to));
      if (latency().json()) {
        JsonOutput.print(out(), result::write);
      } else {
        result.print(out());
      }
    }
  }

  private Duration record(LatencyStore store, Instant from) {
    long begun = System.nanoTime();
    try (Progress progress = new Progress(latency().surroundings(), "recording", count)) {
      Iterator<LatencyMeasurement> made =
          new SyntheticMeasurements(count, Micros.of(from), Micros.of(LENGTH));
      store.append(new Watched(made, progress));
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Measurements whose taking moves a bar. */
  private static final class Watched implements Iterator<LatencyMeasurement> {

    private final Iterator<LatencyMeasurement> measurements;
    private final Progress progress;
    private long taken;

    Watched(Iterator<LatencyMeasurement> measurements, Progress progress) {
      this.measurements = measurements;
      this.progress = progress;
    }

    @Override
    public boolean hasNext() {
      return measurements.hasNext();
    }

    @Override
    public LatencyMeasurement next() {
      if (++taken % MEASUREMENTS_A_STEP == 0) {
        progress.reached(taken);
      }
      return measurements.next();
    }
  }

  /** What is shown. */
  private record Result(
      long count,
      double seconds,
      StoreCheck check,
      long stored,
      LatencyQuery hour,
      LatencySummary summary,
      Groups components,
      List<TimeBucket> minutes) {

    static Result of(LatencyStore store, long count, Duration took, LatencyQuery hour) {
      return new Result(
          count,
          (double) took.toNanos() / TimeUnit.SECONDS.toNanos(1),
          store.check(),
          store.summarize(LatencyQuery.all().withoutPercentiles()).count(),
          hour,
          store.summarize(hour),
          Groups.ofComponents(hour, store.summarizeByComponent(hour)),
          store.timeSeries(hour, TimeBuckets.of(BUCKET, hour.from().orElseThrow())));
    }

    void write(JsonOutput json) throws IOException {
      json.field("count", count);
      json.field("seconds", seconds);
      json.field("rate_per_s", count / seconds);
      json.field("size_bytes", check.sizeBytes());
      json.field(
          "bytes_per_measurement", StatusCommand.bytesPerMeasurement(check.sizeBytes(), stored));
      json.object("summary", fields -> fields.summary(summary, hour.percentiles()));
      components.write(json);
    }

    void print(Appendable out) throws IOException {
      out.append(
          "recorded "
              + Rounded.count(count)
              + " measurements in "
              + Rounded.number(seconds)
              + " s: "
              + Rounded.number(count / seconds)
              + " a second\n");
      out.append(
          Printable.of(check.location())
              + ": "
              + Rounded.bytes(check.sizeBytes())
              + ", "
              + StatusCommand.bytesPerMeasurement(check.sizeBytes(), stored)
                  .map(BigDecimal::toPlainString)
                  .orElse("-")
              + " bytes a measurement\n\n");
      components.print(out);
      out.append('\n');
      printLine(out);
    }

    private void printLine(Appendable out) throws IOException {
      List<OptionalLong> p99 = minutes.stream().map(Result::p99).toList();
      LongSummaryStatistics range =
          p99.stream().flatMapToLong(OptionalLong::stream).summaryStatistics();
      out.append(
          "p99 a minute, from "
              + Rounded.micros(BigDecimal.valueOf(range.getMin()))
              + " to "
              + Rounded.micros(BigDecimal.valueOf(range.getMax()))
              + ":\n");
      out.append(Sparkline.of(p99)).append('\n');
    }

    private static OptionalLong p99(TimeBucket minute) {
      Long micros = minute.summary().percentilesMicros().get(P99);
      return micros == null ? OptionalLong.empty() : OptionalLong.of(micros);
    }
  }
}
