package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Micros;
import io.latencystore.Series;
import io.latencystore.TimeBucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real measurements, and what independent programs found out about them; see {@link OutsideData}. A
 * dialect's test implements this. Each set is loaded once, into a store that is open until the end.
 */
public interface OutsideDataFacet {

  /** How many buckets are asked for at once. */
  long BUCKETS_AT_ONCE = 100_000;

  /** The stores that hold a set, by its name. */
  Map<String, LatencyStore> STORES = new HashMap<>();

  /** Opens a store on an empty database that outlives the test's object, for a set of this name. */
  LatencyStore open(String set);

  /** Skips the test without it. */
  @BeforeAll
  static void theFolderIsThere() {
    OutsideData.assumeThere();
  }

  /** The names of all sets. */
  static List<String> sets() throws IOException {
    try (Stream<Path> files = Files.list(OutsideData.folder())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".csv"))
          .map(name -> name.substring(0, name.length() - ".csv".length()))
          .sorted()
          .toList();
    }
  }

  /** Ends what the tests shared. */
  @AfterAll
  static void closeStores() {
    STORES.values().forEach(LatencyStore::close);
    STORES.clear();
  }

  private static Json truth(String set) throws IOException {
    return Json.read(OutsideData.folder().resolve(set + ".truth.json"));
  }

  private LatencyStore store(String set) {
    return STORES.computeIfAbsent(
        set,
        name -> {
          LatencyStore store = open(name);
          store.append(OutsideData.measurements(name));
          return store;
        });
  }

  @ParameterizedTest
  @MethodSource("io.latencystore.testkit.OutsideDataFacet#sets")
  default void summariesAgree(String set) throws IOException {
    Json truth = truth(set);

    Truth.assertAgrees("everything", store(set), LatencyQuery.all(), truth.object("overall"));
    if (truth.has("successful_only")) {
      Truth.assertAgrees(
          "successes", store(set), LatencyQuery.all().successes(), truth.object("successful_only"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.latencystore.testkit.OutsideDataFacet#sets")
  default void summariesByComponentAgree(String set) throws IOException {
    Json truth = truth(set);

    var summaries = store(set).summarizeByComponent(LatencyQuery.all());

    assertThat(summaries).hasSize((int) truth.object("overall").integer("components"));
    for (Json expected : truth.objects("per_component")) {
      String component = expected.text("component");
      Truth.assertAgrees(
          component, Objects.requireNonNull(summaries.get(component), component), expected);
      Truth.assertAgrees(component, store(set), LatencyQuery.all().component(component), expected);
    }
  }

  @ParameterizedTest
  @MethodSource("io.latencystore.testkit.OutsideDataFacet#sets")
  default void summariesBySeriesAgree(String set) throws IOException {
    Json truth = truth(set);

    var summaries = store(set).summarizeBySeries(LatencyQuery.all());

    assertThat(summaries).hasSize((int) truth.object("overall").integer("component_command_pairs"));
    assertThat(store(set).series()).containsExactlyElementsOf(summaries.keySet());
    for (Json expected : truth.objects("per_command")) {
      Series series = new Series(expected.text("component"), expected.text("command"));
      LatencySummary summary = Objects.requireNonNull(summaries.get(series), series.toString());
      Truth.assertAgrees(series.toString(), summary, expected);
    }
  }

  @ParameterizedTest
  @MethodSource("io.latencystore.testkit.OutsideDataFacet#sets")
  default void timeSeriesAgree(String set) throws IOException {
    Json truth = truth(set);

    for (String width : truth.object("buckets").fields().keySet()) {
      Json buckets = truth.object("buckets").object(width);
      long widthMicros = buckets.integer("width_us");
      List<Json> rows = buckets.table("columns", "rows");
      long count = 0;
      for (List<Json> run : runs(rows, widthMicros)) {
        count += assertRunAgrees(store(set), run, widthMicros);
      }
      if (rows.size() == buckets.integer("nonempty")) {
        assertThat(count).isEqualTo(truth.object("overall").integer("count"));
      }
      if (buckets.integer("span_including_empty") <= BUCKETS_AT_ONCE) {
        assertThat(store(set).timeSeries(LatencyQuery.all(), duration(widthMicros)))
            .hasSize((int) buckets.integer("span_including_empty"));
      }
    }
  }

  /** The rows in runs, none of which spans more buckets than are asked for at once. */
  private static List<List<Json>> runs(List<Json> rows, long widthMicros) {
    List<List<Json>> runs = new ArrayList<>();
    long begin = 0;
    for (Json row : rows) {
      long start = row.integer("start_us");
      if (runs.isEmpty() || (start - begin) / widthMicros >= BUCKETS_AT_ONCE) {
        runs.add(new ArrayList<>());
        begin = start;
      }
      runs.get(runs.size() - 1).add(row);
    }
    return runs;
  }

  private static long assertRunAgrees(LatencyStore store, List<Json> run, long widthMicros) {
    LatencyQuery window =
        Truth.window(
            run.get(0).integer("start_us"),
            run.get(run.size() - 1).integer("start_us") + widthMicros);
    List<TimeBucket> found =
        store.timeSeries(window, duration(widthMicros)).stream()
            .filter(bucket -> bucket.summary().count() > 0)
            .toList();
    assertThat(found).hasSameSizeAs(run);
    long count = 0;
    for (int i = 0; i < run.size(); i++) {
      long start = run.get(i).integer("start_us");
      assertThat(Micros.ofTimestamp(found.get(i).start())).isEqualTo(start);
      Truth.assertAgrees("bucket " + start, found.get(i).summary(), run.get(i));
      count += found.get(i).summary().count();
    }
    return count;
  }

  private static Duration duration(long micros) {
    return Micros.toDuration(micros);
  }

  @ParameterizedTest
  @MethodSource("io.latencystore.testkit.OutsideDataFacet#sets")
  default void windowsAgree(String set) throws IOException {
    Json truth = truth(set);

    for (Json window : truth.objects("windows")) {
      long from = window.integer("from_us");
      long to = window.integer("to_us");
      assertWindowAgrees(store(set), from, to, window, "half_open");
    }
    for (Json window : truth.objects("sliding")) {
      long end = window.integer("end_us");
      assertWindowAgrees(
          store(set), end - window.integer("width_us"), end, window, "closed_open[end-w,end)");
    }
  }

  /** The truth has nothing about a window that holds nothing. */
  private static void assertWindowAgrees(
      LatencyStore store, long from, long to, Json truth, String kind) {
    if (truth.has(kind)) {
      Truth.assertAgrees(from + " to " + to, store, Truth.window(from, to), truth.object(kind));
    } else if (from <= to) {
      assertThat(store.summarize(Truth.window(from, to)).count()).isZero();
    } else {
      assertThatIllegalArgumentException().isThrownBy(() -> Truth.window(from, to));
    }
  }

  @ParameterizedTest
  @MethodSource("io.latencystore.testkit.OutsideDataFacet#sets")
  default void theLastMeasurementsAgree(String set) throws IOException {
    Json truth = truth(set);

    if (!truth.flag("last10_tie_at_cut")) {
      List<LatencyMeasurement> expected = measurements(truth.objects("last10"));
      List<LatencyMeasurement> found = store(set).last(LatencyQuery.all(), 10);
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(timestamps(found)).isEqualTo(timestamps(expected));
    }
    for (Json component : truth.objects("last10_per_component")) {
      List<LatencyMeasurement> expected = measurements(component.objects("rows"));
      assertThat(
              timestamps(
                  store(set).last(LatencyQuery.all().component(component.text("component")), 10)))
          .isEqualTo(timestamps(expected));
    }
  }

  private static List<LatencyMeasurement> measurements(List<Json> rows) {
    return rows.stream()
        .map(
            row ->
                LatencyMeasurement.ofMicros(
                    row.integer("timestamp_us"),
                    row.integer("latency_us"),
                    row.text("component"),
                    row.text("command"),
                    row.flag("success"),
                    null))
        .toList();
  }

  private static List<Long> timestamps(List<LatencyMeasurement> measurements) {
    return measurements.stream().map(LatencyMeasurement::timestampMicros).toList();
  }

  @ParameterizedTest
  @MethodSource("io.latencystore.testkit.OutsideDataFacet#sets")
  default void everyRowComesBack(String set) {
    NaiveStore naive = new NaiveStore();
    naive.addAll(OutsideData.measurements(set));

    try (Stream<LatencyMeasurement> all = store(set).stream(LatencyQuery.all())) {
      assertThat(all.toList().equals(naive.inTimeOrder(LatencyQuery.all()))).isTrue();
    }
  }
}
