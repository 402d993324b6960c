package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainCommandTest {

  private static final long DAY = 86_400_000_000L;
  private static final long NOW = LatencyCommand.NOW.getEpochSecond() * 1_000_000;

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() throws IOException {
    latency = new LatencyCommand(directory);
    latency.given(
        NOW + ",1,a,b,true,",
        NOW - DAY + ",2,a,b,true,",
        NOW - 2 * DAY + ",3,a,old,true,",
        NOW - 2 * DAY + ",4,c,b,true,");
  }

  private @Nullable Object left() throws IOException {
    return Json.object(latency.run("summary", "--json").out()).get("count");
  }

  @Test
  void aDryRunSaysWhatWouldGo() throws IOException {
    Map<?, ?> json =
        Json.object(latency.run("retain", "--keep", "36h", "--dry-run", "--json").out());

    assertThat(json.get("measurements")).isEqualTo("2");
    assertThat(json.get("cutoff_us")).isEqualTo(Long.toString(NOW - DAY * 3 / 2));
    assertThat(json.get("components")).isEqualTo(List.of());
    assertThat(left()).isEqualTo("4");
    assertThat(latency.run("retain", "--keep", "36h", "--dry-run").out())
        .isEqualTo(
            """
            would delete 2 measurements
            everything before 2026-01-30T00:00:00Z
            """);
  }

  @Test
  void whatIsOlderGoes() throws IOException {
    assertThat(latency.run("retain", "--keep", "36h").out())
        .startsWith("deleted 2 measurements, ")
        .endsWith("everything before 2026-01-30T00:00:00Z\n");

    assertThat(left()).isEqualTo("2");
  }

  @Test
  void whatSharesABlockWithLaterOnesGoesWithThem() throws IOException {
    assertThat(latency.run("retain", "--keep", "12h").out()).startsWith("deleted 2 measurements, ");

    assertThat(left()).as("the day-old one of a, b is not seen any more").isEqualTo("1");
  }

  @Test
  void ofOneComponentAlone() throws IOException {
    assertThat(latency.run("retain", "--keep", "36h", "--component", "a").out())
        .contains("of a everything before 2026-01-30T00:00:00Z\n");

    assertThat(left()).isEqualTo("3");
  }

  @Test
  void withoutAnythingToKeepItIsRefused() {
    LatencyCommand.Outcome outcome = latency.run("retain", "--dry-run");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--keep 30d", "--keep-newest", "--keep-bytes");
    assertThat(latency.run("retain", "--keep-newest", "0").code()).isEqualTo(2);
  }
}
