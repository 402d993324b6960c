package io.latencystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LatencyStoreBuilderTest {

  private static final String SECRET = "hunter2";

  private static Map<String, String> env(String... pairs) {
    Map<String, String> env = new HashMap<>();
    env.put("LATENCY_DATABASE_URL", "sqlite:latency.db");
    env.put("LATENCY_DATABASE_PASSWORD", SECRET);
    for (int i = 0; i < pairs.length; i += 2) {
      env.put(pairs[i], pairs[i + 1]);
    }
    return env;
  }

  @Test
  void everyOptionCanComeFromTheEnvironment() {
    StoreOptions options =
        LatencyStoreBuilder.fromEnv(
                env(
                    "LATENCY_DATABASE_USER", "ann",
                    "LATENCY_LAYOUT", "rows",
                    "LATENCY_SCHEMA", "metrics",
                    "LATENCY_SPOOL_DIRECTORY", "spools",
                    "LATENCY_SHARE_DATABASE", "true",
                    "LATENCY_RELAXED", "true",
                    "LATENCY_READERS", "7",
                    "LATENCY_READ_TIMEOUT", "PT3S",
                    "LATENCY_APPEND_BATCH", "1000",
                    "LATENCY_KEEP_FOR", "P30D",
                    "LATENCY_KEEP_NEWEST", "1000000",
                    "LATENCY_KEEP_BYTES", "1000000",
                    "LATENCY_MAINTENANCE_INTERVAL", "PT1H"))
            .options();

    assertThat(options.url()).isEqualTo("sqlite:latency.db");
    assertThat(options.user()).isEqualTo("ann");
    assertThat(options.password()).isEqualTo(SECRET);
    assertThat(options.layout()).isEqualTo(StoreLayout.ROWS);
    assertThat(options.schema()).isEqualTo("metrics");
    assertThat(options.spoolDirectory()).isEqualTo(Path.of("spools").toAbsolutePath());
    assertThat(options.shareDatabase()).isTrue();
    assertThat(options.relaxed()).isTrue();
    assertThat(options.readers()).isEqualTo(7);
    assertThat(options.readTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(options.appendBatch()).isEqualTo(1_000);
    assertThat(options.retention()).isNotNull();
    assertThat(options.maintenanceInterval()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aLayoutThatThereIsNotIsRefusedByName() {
    assertThatThrownBy(() -> LatencyStoreBuilder.fromEnv(env("LATENCY_LAYOUT", "columns")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LATENCY_LAYOUT")
        .hasMessageContaining("\"columns\"")
        .hasMessageContaining("blocks and rows");
  }

  @Test
  void whatTheEnvironmentDoesNotNameHasItsDefault() {
    StoreOptions fromEnv =
        LatencyStoreBuilder.fromEnv(Map.of("LATENCY_DATABASE_URL", "sqlite:x")).options();

    assertThat(fromEnv).isEqualTo(LatencyStore.builder("sqlite:x").options());
    assertThat(fromEnv.shareDatabase()).isFalse();
    assertThat(fromEnv.relaxed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "LATENCY_SCHEMA, Metrics",
    "LATENCY_SCHEMA, 1st",
    "LATENCY_SCHEMA, a-b",
    "LATENCY_SHARE_DATABASE, yes",
    "LATENCY_SHARE_DATABASE, TRUE",
    "LATENCY_RELAXED, 1",
    "LATENCY_READERS, 0",
    "LATENCY_READERS, 65",
    "LATENCY_READERS, four",
    "LATENCY_READERS, 99999999999",
    "LATENCY_READ_TIMEOUT, 10",
    "LATENCY_READ_TIMEOUT, PT0.1S",
    "LATENCY_READ_TIMEOUT, PT2H",
    "LATENCY_READ_TIMEOUT, PT9223372036854775807S",
    "LATENCY_APPEND_BATCH, -1",
    "LATENCY_APPEND_BATCH, 1000001",
    "LATENCY_SPOOL_LIMIT, 4096",
    "LATENCY_KEEP_FOR, -PT1S",
    "LATENCY_KEEP_NEWEST, 0",
    "LATENCY_KEEP_BYTES, few",
    "LATENCY_MAINTENANCE_INTERVAL, PT0.001S",
    "LATENCY_MAX_SERIES, 0",
    "LATENCY_SYNC_INTERVAL, PT0.01S",
    "LATENCY_OVERFLOW, drop-oldest",
    "LATENCY_OVERFLOW, block:soon",
    "LATENCY_START_IN_BACKGROUND, yes"
  })
  void aBadVariableIsNamedWithItsValue(String variable, String value) {
    assertThatThrownBy(() -> LatencyStoreBuilder.fromEnv(env(variable, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(variable, value)
        .satisfies(e -> assertThat(String.valueOf(e)).doesNotContain(SECRET));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void aMissingUrlIsNamed(String url) {
    Map<String, String> none = new HashMap<>(env());
    none.remove("LATENCY_DATABASE_URL");

    for (Map<String, String> env : List.of(none, env("LATENCY_DATABASE_URL", url))) {
      assertThatThrownBy(() -> LatencyStoreBuilder.fromEnv(env))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("LATENCY_DATABASE_URL")
          .satisfies(e -> assertThat(String.valueOf(e)).doesNotContain(SECRET));
    }
    assertThatThrownBy(() -> LatencyStore.builder(url))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void optionsHideTheirSecrets() {
    StoreOptions options =
        LatencyStore.builder("postgresql://ann:" + SECRET + "@host/db").password(SECRET).options();

    assertThat(options.toString()).doesNotContain(SECRET);
  }

  @Test
  void badOptionsAreRefusedWhereTheyAreSet() {
    LatencyStoreBuilder builder = LatencyStore.builder("sqlite:x");

    assertThatThrownBy(() -> builder.readers(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readers(0)");
    for (String schema : List.of("", "A", "a b", "a\"b", "a;b", "a".repeat(64))) {
      assertThatThrownBy(() -> builder.schema(schema))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("schema(");
    }
    assertThatThrownBy(() -> builder.appendBatch(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("appendBatch(0)");
    for (Duration timeout :
        List.of(
            Duration.ZERO,
            Duration.ofNanos(-1),
            Duration.ofSeconds(Long.MAX_VALUE),
            Duration.ofSeconds(Long.MIN_VALUE))) {
      assertThatThrownBy(() -> builder.readTimeout(timeout))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("readTimeout(" + timeout);
    }
    assertThat(builder.options()).isEqualTo(LatencyStore.builder("sqlite:x").options());
  }
}
