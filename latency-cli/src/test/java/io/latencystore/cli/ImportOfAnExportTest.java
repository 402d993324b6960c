package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import of an export is the identity, whatever the names are. */
class ImportOfAnExportTest {

  private static final List<String> NASTY =
      List.of(
          "",
          " ",
          "  lead",
          "trail\t",
          "a,b",
          "\"",
          "\"\"",
          "say \"hi\"",
          "line\nfeed",
          "carriage\rreturn",
          "both\r\n",
          "\n",
          "#comment",
          "'single",
          "=1+1",
          "null",
          "\\N",
          "内容",
          "😀",
          "e\u0301",
          "\u0001\u001b[31m\u009b",
          "\u2028",
          "\uFEFFmark",
          "\uFFFD",
          new String(Character.toChars(0x103FF)));

  @TempDir private Path directory;

  @Test
  void keepsNastyNamesAndMetadata() throws IOException {
    List<LatencyMeasurement> measurements = new ArrayList<>();
    for (int i = 0; i < NASTY.size(); i++) {
      String text = NASTY.get(i);
      measurements.add(LatencyMeasurement.ofMicros(i, 1, text, "x", true, null));
      measurements.add(LatencyMeasurement.ofMicros(i, 2, "x", text, false, text));
    }
    measurements.add(
        LatencyMeasurement.ofMicros(Long.MIN_VALUE, Long.MAX_VALUE, "edge", "", true, ""));
    measurements.add(LatencyMeasurement.ofMicros(Long.MAX_VALUE, 0, "edge", "", true, null));

    assertThat(afterExportAndImport(measurements))
        .containsExactlyInAnyOrderElementsOf(measurements);
  }

  @Test
  void keepsRandomText() throws IOException {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    List<LatencyMeasurement> measurements = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      measurements.add(
          LatencyMeasurement.ofMicros(
              random.nextInt(1_000),
              random.nextLong() >>> random.nextInt(1, 64),
              text(random),
              text(random),
              random.nextBoolean(),
              random.nextBoolean() ? text(random) : null));
    }

    assertThat(afterExportAndImport(measurements))
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(measurements);
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(NASTY.get(random.nextInt(NASTY.size())));
    }
    return text.toString();
  }

  private List<LatencyMeasurement> afterExportAndImport(List<LatencyMeasurement> measurements)
      throws IOException {
    String original = "sqlite:" + directory.resolve("original.db");
    String copy = "sqlite:" + directory.resolve("copy.db");
    try (LatencyStore store = LatencyStore.open(original)) {
      store.append(measurements);
    }
    String csv = directory.resolve("rows.csv").toString();
    LatencyCommand latency = new LatencyCommand(directory);
    assertThat(latency.run("--db", original, "export", "--csv", csv).err()).isEmpty();
    assertThat(latency.run("--db", copy, "import", csv).err()).isEmpty();
    return contents(copy);
  }

  private static List<LatencyMeasurement> contents(String url) {
    try (LatencyStore store = LatencyStore.open(url);
        Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
      return all.toList();
    }
  }
}
