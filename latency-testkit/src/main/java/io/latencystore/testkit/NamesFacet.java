package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.InvalidMeasurementException;
import io.latencystore.InvalidMeasurementException.Reason;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Names and metadata come back byte for byte, and mean themselves wherever they are asked for. */
interface NamesFacet extends StoreFixture {

  private static List<String> nasty() {
    return List.of(
        "",
        " ",
        " leading",
        "trailing ",
        "trailing  ",
        "Case",
        "case",
        "tab\there",
        "line\nbreak",
        "carriage\r\nreturn",
        "escape \u001b[31mred\u001b[0m",
        "bell \u0007, delete \u007f, next line \u0085",
        "'); DROP TABLE latency_block; --",
        "\"double\" 'single' `back`",
        "-- comment",
        "/* comment */",
        "back\\slash",
        "%",
        "_",
        "c_se",
        "c%e",
        "?",
        ":name",
        "${property}",
        "{0}",
        "null",
        "NULL",
        "0",
        "1e3",
        "=1+1",
        "é",
        "e\u0301",
        "ß",
        "SS",
        "İstanbul",
        "中文 名字",
        "\uFEFFbyte order mark",
        "\u200Ezero width\u200D",
        "\uFFFD",
        "\uFFFE non-character",
        "\uFFFF",
        "\uDBFF\uDFFF last code point",
        "\uD83D\uDE00 grin",
        "\uD83D\uDC69\u200D\uD83D\uDCBB",
        "x".repeat(Series.MAX_COMPONENT_BYTES),
        "\uD83D\uDE00".repeat(Series.MAX_COMPONENT_BYTES / 4));
  }

  @Test
  default void everyNameComesBackAsItWas() {
    try (LatencyStore store = open()) {
      for (String name : nasty()) {
        store.append(List.of(Sample.named(name, "command"), Sample.named("component", name)));
      }

      assertThat(store.series()).containsExactlyElementsOf(new TreeSet<>(series()));
      assertThat(store.last(LatencyQuery.all(), 1_000))
          .extracting(measurement -> new Series(measurement.component(), measurement.command()))
          .containsExactlyElementsOf(new TreeSet<>(series()));
    }
  }

  private static List<Series> series() {
    List<Series> series = new ArrayList<>();
    for (String name : nasty()) {
      series.add(new Series(name, "command"));
      series.add(new Series("component", name));
    }
    return series;
  }

  @Test
  default void everyNameFindsItselfAndNothingElse() {
    try (LatencyStore store = open()) {
      List<LatencyMeasurement> one = new ArrayList<>();
      series().forEach(series -> one.add(Sample.named(series.component(), series.command())));
      store.append(one);

      for (String name : nasty()) {
        assertThat(store.summarizeBySeries(LatencyQuery.all().component(name)).keySet())
            .as("component %s", name)
            .containsExactly(new Series(name, "command"));
        assertThat(store.summarizeBySeries(LatencyQuery.all().command(name)).keySet())
            .as("command %s", name)
            .containsExactly(new Series("component", name));
      }
    }
  }

  @Test
  default void recordedNamesComeBackAsTheyWere() {
    try (LatencyStore store = open()) {
      for (String name : nasty()) {
        store.recorder(name, name).record(Sample.NOON, 1);
      }

      assertThat(store.summarizeByComponent(LatencyQuery.all()).keySet())
          .containsExactlyInAnyOrderElementsOf(nasty());
    }
  }

  @Test
  default void seriesAreOrderedByCodePoint() {
    List<String> ordered = List.of("", "A", "a", "b", "\uFFFD", "\uD83D\uDE00", "\uDBFF\uDFFF");
    try (LatencyStore store = open()) {
      List<LatencyMeasurement> reversed = new ArrayList<>();
      ordered.forEach(name -> reversed.add(0, Sample.named(name, "")));
      store.append(reversed);

      assertThat(store.series()).extracting(Series::component).containsExactlyElementsOf(ordered);
      assertThat(store.summarizeByComponent(LatencyQuery.all()).keySet())
          .containsExactlyElementsOf(ordered);
      assertThat(store.last(LatencyQuery.all(), 10))
          .extracting(LatencyMeasurement::component)
          .containsExactlyElementsOf(ordered);
    }
  }

  @Test
  default void theLongestNamesAndMetadataComeBack() {
    String sql = "SELECT '" + "中".repeat(5_000) + "'";
    String command = sql + "x".repeat(Series.MAX_COMMAND_BYTES - 15_009);
    String metadata = "{\"k\":\"" + "v".repeat(LatencyMeasurement.MAX_METADATA_BYTES - 8) + "\"}";
    LatencyMeasurement longest =
        LatencyMeasurement.ofMicros(
            Sample.NOON, 1, "c".repeat(Series.MAX_COMPONENT_BYTES), command, true, metadata);
    try (LatencyStore store = open()) {
      store.append(List.of(longest));

      assertThat(store.last(LatencyQuery.all().command(command), 2)).containsExactly(longest);
    }
  }

  @Test
  default void metadataComesBackAsItWas() {
    try (LatencyStore store = open()) {
      List<LatencyMeasurement> measurements = new ArrayList<>();
      for (int i = 0; i < nasty().size(); i++) {
        measurements.add(Sample.withMetadata(Sample.NOON + 2L * i, nasty().get(i)));
        measurements.add(Sample.of(Sample.NOON + 2L * i + 1, 1));
      }
      store.append(measurements);

      try (var found = store.stream(LatencyQuery.all())) {
        assertThat(found).containsExactlyElementsOf(measurements);
      }
    }
  }

  @Test
  default void hundredsOfNamesMayBeAskedForAtOnce() {
    List<String> names = IntStream.range(0, 700).mapToObj(n -> "name-" + n).toList();
    try (LatencyStore store = open()) {
      store.append(names.stream().map(name -> Sample.named("c", name)));

      assertThat(store.summarize(LatencyQuery.all().commands(names)).count()).isEqualTo(700);
      assertThat(store.summarize(LatencyQuery.all().commands(names.subList(0, 64))).count())
          .isEqualTo(64);
      assertThat(store.summarize(LatencyQuery.all().commands(names.subList(5, 70))).count())
          .isEqualTo(65);
      assertThat(store.last(LatencyQuery.all().commands(names.subList(0, 3)), 10)).hasSize(3);
    }
  }

  @Test
  default void whatIsNoNameIsRefusedAndNamed() {
    Map<String, String> refused =
        Map.of(
            "nul\u0000inside",
            "NUL",
            "\uD800 alone",
            "surrogate",
            "\uDC00 alone",
            "surrogate",
            "x".repeat(Series.MAX_COMPONENT_BYTES + 1),
            "1025 bytes",
            "é".repeat(Series.MAX_COMPONENT_BYTES / 2 + 1),
            "1026 bytes");
    try (LatencyStore store = open()) {
      refused.forEach(
          (name, why) ->
              assertThatExceptionOfType(InvalidMeasurementException.class)
                  .isThrownBy(() -> store.recorder(name, "command"))
                  .withMessageContaining("component")
                  .withMessageContaining(why)
                  .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NAME)));

      assertThat(store.series()).isEmpty();
    }
  }
}
