package io.latencystore.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.testkit.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that runs {@link RecordingChild} or the like; killed when closed. */
final class RecordingProcess implements AutoCloseable {

  private final String name;
  private final Path error;
  private final Process process;
  private final Acknowledged acknowledged;

  private RecordingProcess(
      String name, Path directory, ProcessBuilder builder, List<String> arguments)
      throws IOException {
    this.name = name;
    this.error = directory.resolve(name + ".err");
    Path file = directory.resolve(name + ".acknowledged");
    this.acknowledged = Acknowledged.in(file, RecordingChild.THREADS);
    builder.command().addAll(List.of(name, file.toString()));
    builder.command().addAll(arguments);
    this.process =
        builder
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(error.toFile())
            .start();
  }

  /**
   * Starts one.
   *
   * @param main {@link RecordingChild}, or another that is told the same
   * @param directory for its files
   * @param environment what {@link io.latencystore.LatencyStoreBuilder#fromEnv} reads
   * @param arguments what else it is told
   */
  static RecordingProcess start(
      Class<?> main,
      String name,
      Path directory,
      Map<String, String> environment,
      String... arguments)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName());
    builder.environment().putAll(environment);
    return new RecordingProcess(name, directory, builder, List.of(arguments));
  }

  Acknowledged acknowledged() {
    return acknowledged;
  }

  void awaitRecording() throws Exception {
    Await.until(
        name + " records",
        Duration.ofSeconds(60),
        () -> {
          assertThat(process.isAlive()).as("%s", said()).isTrue();
          return acknowledged.own() > 0;
        });
  }

  /** Tells it to store everything and end, which it must do well. */
  void tellToEnd() throws IOException {
    try (OutputStream input = process.getOutputStream()) {
      input.write("end\n".getBytes(UTF_8));
    }
  }

  void awaitEnd() throws Exception {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", name).isTrue();
    assertThat(process.exitValue()).as("%s", said()).isZero();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private String said() throws IOException {
    return name + " said: " + Files.readString(error);
  }

  void assertStored(Map<Series, LatencySummary> stored, String run) {
    acknowledged.assertStored(name, stored, run);
  }

  /** Asserts that what it recorded is stored, from this number on. */
  void assertStored(long first, Map<Series, LatencySummary> stored) {
    acknowledged.assertStored(name, first, stored, "");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
