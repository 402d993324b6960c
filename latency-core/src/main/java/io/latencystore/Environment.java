package io.latencystore;

import io.latencystore.policy.OverflowPolicy;
import io.latencystore.policy.RetentionPolicy;
import io.latencystore.policy.SyncPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Options as environment variables name them. Every refusal names the variable and, unless it is a
 * password, its value.
 */
final class Environment {

  private final Map<String, String> variables;

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** A builder that was told everything that is set. */
  LatencyStoreBuilder builder() {
    String url = variables.get("LATENCY_DATABASE_URL");
    if (url == null || url.isBlank()) {
      throw new IllegalArgumentException(
          "LATENCY_DATABASE_URL is not set; name the database there, for instance sqlite:latency.db");
    }
    LatencyStoreBuilder builder = new LatencyStoreBuilder(url);
    read("LATENCY_DATABASE_USER", builder::user);
    read("LATENCY_DATABASE_PASSWORD", builder::password);
    read("LATENCY_LAYOUT", value -> builder.layout(StoreLayout.of(value)));
    read("LATENCY_SCHEMA", builder::schema);
    readFlag("LATENCY_SHARE_DATABASE", builder::shareDatabase);
    readFlag("LATENCY_RELAXED", builder::relaxed);
    read("LATENCY_READERS", value -> builder.readers(Integer.parseInt(value)));
    read("LATENCY_READ_TIMEOUT", value -> builder.readTimeout(Duration.parse(value)));
    read("LATENCY_APPEND_BATCH", value -> builder.appendBatch(Integer.parseInt(value)));
    read("LATENCY_SPOOL_DIRECTORY", value -> builder.spoolDirectory(Path.of(value)));
    read("LATENCY_SPOOL_LIMIT", value -> builder.spoolLimit(Long.parseLong(value)));
    read("LATENCY_MAX_SERIES", value -> builder.maxSeries(Integer.parseInt(value)));
    read("LATENCY_SYNC_INTERVAL", value -> builder.sync(SyncPolicy.every(Duration.parse(value))));
    read("LATENCY_OVERFLOW", value -> builder.overflow(overflow(value)));
    List<RetentionPolicy> kept = new ArrayList<>();
    read("LATENCY_KEEP_FOR", value -> kept.add(RetentionPolicy.keepFor(Duration.parse(value))));
    read(
        "LATENCY_KEEP_NEWEST",
        value -> kept.add(RetentionPolicy.keepNewest(Long.parseLong(value))));
    read("LATENCY_KEEP_BYTES", value -> kept.add(RetentionPolicy.keepBytes(Long.parseLong(value))));
    kept.stream().reduce(RetentionPolicy::and).ifPresent(builder::retention);
    read(
        "LATENCY_MAINTENANCE_INTERVAL",
        value -> builder.maintenanceInterval(Duration.parse(value)));
    readFlag("LATENCY_START_IN_BACKGROUND", builder::startInBackground);
    return builder;
  }

  private void readFlag(String variable, Runnable set) {
    read(
        variable,
        value -> {
          if (flag(value)) {
            set.run();
          }
        });
  }

  private void read(String variable, Consumer<String> setting) {
    String value = variables.get(variable);
    if (value == null) {
      return;
    }
    try {
      setting.accept(value);
    } catch (RuntimeException e) {
      String shown = variable.endsWith("PASSWORD") ? "its value" : Text.quoted(value);
      throw new IllegalArgumentException(
          variable + ": " + shown + " is refused: " + e.getMessage(), e);
    }
  }

  private static boolean flag(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static OverflowPolicy overflow(String value) {
    return switch (value) {
      case "drop-newest" -> OverflowPolicy.dropNewest();
      case "fail" -> OverflowPolicy.fail();
      default -> {
        if (!value.startsWith("block:")) {
          throw new IllegalArgumentException("none of drop-newest, fail and block:PT5S");
        }
        yield OverflowPolicy.block(Duration.parse(value.substring("block:".length())));
      }
    };
  }
}
