package io.latencystore.cli;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import io.latencystore.cli.Table.Column;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latency timeline}: what measurements amount to in each stretch of time. */
@Command(
    name = "timeline",
    description = "A summary for each bucket of time, empty buckets included.")
final class TimelineCommand extends Verb {

  @Mixin private final Filters filters = new Filters();
  @Mixin private final Percentiles percentiles = new Percentiles();

  @Option(
      names = "--bucket",
      paramLabel = "SPAN",
      converter = Span.class,
      description =
          "The width of a bucket: a number and us, ms, s, m, h, d or w. Buckets are aligned to"
              + " 1970, UTC. Default: 1m.")
  private Duration bucket = Duration.ofMinutes(1);

  TimelineCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    LatencyQuery query = percentiles.of(filters.query());
    TimeBuckets buckets = TimeBuckets.of(bucket);
    try (LatencyStore store = latency().openStore()) {
      List<TimeBucket> timeline = store.timeSeries(query, buckets);
      if (latency().json()) {
        JsonOutput.print(out(), json -> write(timeline, query, json));
      } else {
        print(timeline, query);
      }
    }
  }

  private void write(List<TimeBucket> timeline, LatencyQuery query, JsonOutput json)
      throws IOException {
    json.field("bucket_us", Micros.of(bucket));
    json.array(
        "buckets",
        array -> {
          for (TimeBucket each : timeline) {
            array.object(
                element -> {
                  element.field("start_us", Micros.of(each.start()));
                  element.summary(each.summary(), query.percentiles());
                });
          }
        });
  }

  private void print(List<TimeBucket> timeline, LatencyQuery query) throws IOException {
    Figures figures = new Figures(query.percentiles());
    List<Column> columns =
        Stream.concat(Stream.of(Column.text("start")), figures.columns().stream()).toList();
    Iterable<List<String>> rows =
        () -> timeline.stream().map(each -> cells(each, figures)).iterator();
    new Table(columns, rows).print(out());
  }

  private static List<String> cells(TimeBucket bucket, Figures figures) {
    return Stream.concat(
            Stream.of(bucket.start().toString()), figures.cells(bucket.summary()).stream())
        .toList();
  }
}
