package io.latencystore.postgres;

import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.Micros;
import io.latencystore.policy.Expiry;
import io.latencystore.testkit.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The main class of processes that expire what is before a moment, in microseconds, and may be told
 * to die at a place; the database is in the environment.
 */
final class RetainingChild {

  static final int HALTED = 86;

  private RetainingChild() {}

  public static void main(String[] arguments) {
    long before = Long.parseLong(arguments[0]);
    try (LatencyStore store = LatencyStoreBuilder.fromEnv(System.getenv()).open()) {
      store.maintenance().applyRetention(stored -> Expiry.before(Micros.toInstant(before)));
    }
  }

  /** Runs one that is to die at a place; returns its exit code. */
  static int run(String url, long before, String haltAt) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dio.latencystore.haltAt=" + haltAt,
                "-cp",
                System.getProperty("java.class.path"),
                RetainingChild.class.getName(),
                Long.toString(before))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(Map.of("LATENCY_DATABASE_URL", url));
    Process process = builder.start();
    try {
      Await.until("it ends", Duration.ofSeconds(60), () -> ended(process));
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean ended(Process process) throws IOException, InterruptedException {
    return process.waitFor(10, TimeUnit.MILLISECONDS);
  }
}
