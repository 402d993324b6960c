package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() {
    latency = new LatencyCommand(directory);
  }

  @Test
  void saysWhatTheStoreHolds() throws IOException {
    latency.given("3,5,a,b,true,", "1,5,a,c,false,", "2,5,a,c,true,");

    Map<?, ?> json = Json.object(latency.run("status", "--json").out());

    assertThat(json.keySet())
        .map(Object::toString)
        .containsExactly(
            "location",
            "database",
            "schema_version",
            "store_id",
            "layout",
            "size_bytes",
            "state",
            "measurements",
            "errors",
            "series",
            "first_us",
            "last_us",
            "bytes_per_measurement",
            "watermark_us",
            "strays");
    assertThat(String.valueOf(json.get("location"))).endsWith("test.db");
    assertThat(json.get("state")).isEqualTo("healthy");
    assertThat(json.get("measurements")).isEqualTo("3");
    assertThat(json.get("errors")).isEqualTo("1");
    assertThat(json.get("series")).isEqualTo("2");
    assertThat(json.get("first_us")).isEqualTo("1");
    assertThat(json.get("last_us")).isEqualTo("3");
    assertThat(json.get("bytes_per_measurement"))
        .isEqualTo(
            new BigDecimal(String.valueOf(json.get("size_bytes")))
                .divide(BigDecimal.valueOf(3), 2, RoundingMode.HALF_UP)
                .toString());
  }

  @Test
  void saysNullWhereAnEmptyStoreHasNothing() throws IOException {
    Map<?, ?> json = Json.object(latency.run("status", "--json").out());

    assertThat(json.get("measurements")).isEqualTo("0");
    assertThat(json.get("first_us")).isNull();
    assertThat(json.get("last_us")).isNull();
    assertThat(json.get("bytes_per_measurement")).isNull();
    assertThat(json.get("watermark_us")).isNull();
    assertThat(json.get("strays")).isEqualTo("0");
  }

  @Test
  void saysBeforeWhatEverythingHasExpired() throws IOException {
    latency.given("1000000,5,a,b,true,", "3000000,5,a,b,true,");
    latency.run("retain", "--keep", "1s");

    Map<?, ?> json = Json.object(latency.run("status", "--json").out());

    assertThat(json.get("watermark_us")).isEqualTo("2000000");
    assertThat(json.get("measurements")).isEqualTo("1");
    assertThat(latency.run("status").out())
        .contains("watermark            1970-01-01T00:00:02Z\n")
        .contains("strays               0\n");
  }

  @Test
  void printsATableForPeople() throws IOException {
    latency.given("1,5,a,b,true,");

    assertThat(latency.run("status").out())
        .contains("measurements         1\n")
        .contains("first                1970-01-01T00:00:00.000001Z\n")
        .contains("state                healthy\n");
  }
}
