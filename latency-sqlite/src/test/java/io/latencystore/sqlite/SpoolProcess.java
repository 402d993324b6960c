package io.latencystore.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that runs {@link SpoolChild}; killed when closed. */
final class SpoolProcess implements AutoCloseable {

  static final int HALTED = 86;

  private final String name;
  private final Path error;
  private final Process process;
  private final BufferedReader out;
  private final SpoolAcknowledged acknowledged;

  private SpoolProcess(String name, Path directory, List<String> command) throws IOException {
    this.name = name;
    this.error = directory.resolve(name + ".err");
    this.acknowledged =
        SpoolAcknowledged.in(directory.resolve(name + ".acknowledged"), SpoolChild.THREADS);
    this.process = new ProcessBuilder(command).redirectError(error.toFile()).start();
    this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /**
   * Starts one.
   *
   * @param directory where its files lie, beside the database
   * @param options of the JVM
   */
  static SpoolProcess start(
      Path directory, String verb, String url, String name, int number, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", Child.classPath()));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of(options));
    command.add(SpoolChild.class.getName());
    command.addAll(
        List.of(
            verb,
            url,
            name,
            directory.resolve(name + ".acknowledged").toString(),
            Integer.toString(number)));
    return new SpoolProcess(name, directory, command);
  }

  SpoolAcknowledged acknowledged() {
    return acknowledged;
  }

  void awaitReady() throws IOException {
    assertThat(out.readLine()).as("%s", Files.readString(error)).isEqualTo("ready");
  }

  /** Tells it to come to its end. */
  void tellToEnd() throws IOException {
    process.outputWriter(UTF_8).append('\n').close();
  }

  /** Waits for its end, which must be a good one; returns the last line that it printed. */
  String awaitEnd() throws Exception {
    String last = "";
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      last = line;
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s", Files.readString(error)).isZero();
    return last;
  }

  /** Waits until it halts at its failpoint. */
  void awaitHalt() throws Exception {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s", Files.readString(error)).isEqualTo(HALTED);
  }

  /** Kills it after some time, unless it has ended. */
  void killAfter(Duration time) throws InterruptedException {
    assertThat(process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS)).isFalse();
    kill();
  }

  /** Lets it stand still. */
  void freeze() throws Exception {
    signal("STOP");
    Await.until(
        "it stands still",
        Duration.ofSeconds(10),
        () ->
            !Files.isDirectory(Path.of("/proc/self"))
                || Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"))
                    .contains(") T "));
  }

  /** Lets it go on. */
  void thaw() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws Exception {
    Process signal = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(signal.waitFor()).isZero();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void assertStored(Map<Series, LatencySummary> stored) {
    assertStored(stored, "");
  }

  /**
   * Asserts that what it recorded is stored.
   *
   * @param run what to say of this run of the test
   */
  void assertStored(Map<Series, LatencySummary> stored, String run) {
    acknowledged.assertStored(name, stored, run);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    out.close();
  }

  /** What {@code latency.db} in a directory holds, once all that processes left is adopted. */
  static SortedMap<Series, LatencySummary> adopted(Path directory) throws Exception {
    Path spools = directory.resolve("latency.db.spool");
    try (LatencyStore store = LatencyStore.open("sqlite:" + directory.resolve("latency.db"))) {
      Await.until(
          "every spool is adopted",
          Duration.ofSeconds(30),
          () -> {
            try (Stream<Path> found = Files.list(spools)) {
              return found.count() == 1;
            }
          });
      return store.summarizeBySeries(LatencyQuery.all());
    }
  }
}
