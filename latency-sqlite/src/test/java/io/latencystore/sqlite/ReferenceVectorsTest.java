package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import io.latencystore.TimeBucket;
import io.latencystore.TimeBuckets;
import io.latencystore.testkit.Json;
import io.latencystore.testkit.OutsideData;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What other databases answer in their own tests; see {@link OutsideData}. */
final class ReferenceVectorsTest {

  @BeforeAll
  static void theFolderIsThere() {
    OutsideData.assumeThere();
  }

  @Test
  void percentilesAreThoseOfPostgresql() throws IOException {
    Json vectors = Json.read(OutsideData.folder().resolve("refs/pg_percentile_vectors.json"));
    List<Json> discrete =
        vectors.objects("cases").stream().filter(c -> c.text("fn").equals("disc")).toList();

    assertThat(discrete).isNotEmpty();
    for (Json vector : discrete) {
      try (LatencyStore store = LatencyStore.open("sqlite::memory:")) {
        store.append(
            latencies(vector.text("data"))
                .mapToObj(n -> LatencyMeasurement.ofMicros(n, n, "c", "k", true, null)));
        double[] percentiles =
            vector.texts("p").stream()
                .mapToDouble(p -> new BigDecimal(p).movePointRight(2).doubleValue())
                .toArray();

        LatencySummary summary = store.summarize(LatencyQuery.all().percentiles(percentiles));

        assertThat(Arrays.stream(percentiles).mapToObj(p -> micros(summary, p)))
            .containsExactlyElementsOf(vector.texts("expect"));
      }
    }
  }

  /** For instance {@code 0..999 x10}. */
  private static LongStream latencies(String data) {
    Matcher range = Pattern.compile("(\\d+)\\.\\.(\\d+)(?: x(\\d+))?").matcher(data);
    assertThat(range.matches()).as(data).isTrue();
    long times = range.group(3) == null ? 1 : Long.parseLong(range.group(3));
    long to = Long.parseLong(range.group(2));
    return LongStream.rangeClosed(Long.parseLong(range.group(1)), to)
        .flatMap(n -> LongStream.range(0, times).map(i -> n));
  }

  private static String micros(LatencySummary summary, double p) {
    return Long.toString(Micros.ofLatency(summary.percentile(p).orElseThrow()));
  }

  @Test
  void bucketsAreThoseOfTimescale() throws IOException {
    Path file = OutsideData.folder().resolve("refs/timebucket_vectors_int.csv");
    try (CsvReader<NamedCsvRecord> rows = OutsideData.rows(file);
        LatencyStore store = LatencyStore.open("sqlite::memory:")) {
      for (NamedCsvRecord row : rows) {
        String component = "line " + row.getStartingLineNumber();
        long value = Long.parseLong(row.getField("value"));
        store.append(List.of(LatencyMeasurement.ofMicros(value, 1, component, "", true, null)));

        List<TimeBucket> buckets =
            store.timeSeries(
                LatencyQuery.all().component(component),
                TimeBuckets.of(
                    Micros.toDuration(Long.parseLong(row.getField("width"))),
                    Micros.toInstant(Long.parseLong(row.getField("origin")))));

        assertThat(buckets)
            .singleElement()
            .extracting(bucket -> Micros.ofTimestamp(bucket.start()))
            .as(component)
            .isEqualTo(Long.parseLong(row.getField("expected_bucket")));
      }
    }
  }
}
