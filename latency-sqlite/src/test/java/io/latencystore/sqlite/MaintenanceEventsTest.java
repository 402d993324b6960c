package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyStore;
import io.latencystore.policy.Expiry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java Flight Recorder sees the steps of maintenance, and how long others could not write. */
final class MaintenanceEventsTest {

  @TempDir Path directory;

  private static List<RecordedEvent> events(Path file, String name) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(name))
        .toList();
  }

  @Test
  void eachStepIsAnEvent() throws Exception {
    Path file = directory.resolve("steps.jfr");
    try (Recording recording = new Recording();
        LatencyStore store = LatencyStore.open("sqlite:" + directory.resolve("latency.db"))) {
      recording.enable("io.latencystore.MaintenanceStep");
      recording.start();
      store.append(Numbered.measurements(0, 1_000));

      store
          .maintenance()
          .applyRetention(stored -> Expiry.before(Numbered.NOON_INSTANT.plusSeconds(1)));

      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = events(file, "io.latencystore.MaintenanceStep");
    assertThat(events).isNotEmpty();
    RecordedEvent first = events.get(0);
    assertThat(first.getEventType().getCategoryNames()).containsExactly("Latency Store");
    assertThat(first.getString("kind")).isEqualTo("EXPIRE");
    assertThat(first.getLong("count")).isEqualTo(1_000);
    assertThat(first.getString("location")).endsWith("latency.db");
    assertThat(first.getDuration()).isPositive();
  }

  @Test
  void eachUseOfTheConnectionThatWritesIsAnEvent() throws Exception {
    Path file = directory.resolve("writing.jfr");
    try (Recording recording = new Recording();
        LatencyStore store = LatencyStore.open("sqlite:" + directory.resolve("latency.db"))) {
      recording.enable("io.latencystore.Writing");
      recording.start();

      store.append(Numbered.measurements(0, 1_000));

      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = events(file, "io.latencystore.Writing");
    assertThat(events)
        .extracting(event -> event.getString("kind"))
        .containsOnly("maintain", "write"); // room for the batch, and its transaction
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.getString("location")).endsWith("latency.db");
              assertThat(event.getDuration()).isPositive();
            });
  }

  @Test
  void aProcessWithoutFlightRecorderDoesNotPayForEvents() throws Exception {
    String url = "sqlite:" + directory.resolve("latency.db");
    try (LatencyStore store = LatencyStore.builder(url).appendBatch(10).open()) {
      store.append(CompactionChild.measurements("component", 1, 1_000));
    }
    Path loaded = directory.resolve("loaded.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + loaded,
                "-cp",
                Child.classPath(),
                CompactionChild.class.getName(),
                "compact",
                url)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out.txt").toFile())
            .start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(loaded))
        .contains("io.latencystore.upkeep.MaintenanceSteps ", "io.latencystore.sql.Writing ")
        .doesNotContain("jdk.jfr.Event ");
  }
}
