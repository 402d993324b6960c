package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.cli.LatencyCommand.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() {
    latency = new LatencyCommand(directory);
  }

  @Test
  void recordsAnHourThatEndsNow() {
    latency.run("demo", "--count", "5000");

    Outcome inTheHour = latency.run("summary", "--json", "--since", "1h");

    assertThat(inTheHour.out()).startsWith("{\"count\":5000,");
  }

  @Test
  void showsRateSizeSummaryAndALineOverTime() {
    Outcome outcome = latency.run("demo", "--count", "5000");

    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .startsWith("recorded 5,000 measurements in ")
        .contains(" a second\n", "test.db: ", " bytes a measurement\n", "p99.9\n", "\neditor ")
        .containsPattern("p99 a minute, from .* to .*:\n[▁▂▃▄▅▆▇█ ]{60}\n$");
  }

  @Test
  void showsTheSameAsJson() throws IOException {
    Map<?, ?> json = Json.object(latency.run("demo", "--count", "5000", "--json").out());

    assertThat(json.keySet())
        .map(Object::toString)
        .containsExactly(
            "count",
            "seconds",
            "rate_per_s",
            "size_bytes",
            "bytes_per_measurement",
            "summary",
            "groups");
    assertThat(json.get("count")).isEqualTo("5000");
    assertThat(Json.object(json, "summary").get("count")).isEqualTo("5000");
    assertThat(Json.objects(json, "groups")).hasSize(6);
  }

  @Test
  void addsToWhatIsThere() throws IOException {
    latency.given("1,5,a,b,true,");

    latency.run("demo", "--count", "10");
    latency.run("demo", "--count", "10");

    assertThat(latency.run("summary", "--json").out()).startsWith("{\"count\":21,");
  }

  @Test
  void refusesToRecordNothing() {
    assertThat(latency.run("demo", "--count", "0").code()).isEqualTo(2);
  }

  @Test
  void makesTheSameBelievableMeasurementsEveryTime() {
    List<LatencyMeasurement> made = made();

    assertThat(made()).isEqualTo(made);
    assertThat(made).isSortedAccordingTo(Comparator.comparing(LatencyMeasurement::timestamp));
    assertThat(made.stream().filter(each -> !each.success()).count()).isBetween(800L, 1_200L);
    assertThat(made.stream().map(each -> each.component() + "/" + each.command()).distinct())
        .hasSize(24);
    assertThat(made.stream().mapToLong(LatencyMeasurement::latencyMicros).sorted().skip(50_000))
        .first()
        .satisfies(median -> assertThat(median).isBetween(200L, 5_000L));
    assertThat(made.stream().map(LatencyMeasurement::timestampMicros))
        .allMatch(micros -> micros >= 0 && micros < Duration.ofHours(1).toNanos() / 1_000)
        .anyMatch(micros -> micros % 1_000 != 0);
  }

  private static List<LatencyMeasurement> made() {
    List<LatencyMeasurement> made = new ArrayList<>();
    new SyntheticMeasurements(100_000, 0, Micros.of(Duration.ofHours(1)))
        .forEachRemaining(made::add);
    return made;
  }
}
