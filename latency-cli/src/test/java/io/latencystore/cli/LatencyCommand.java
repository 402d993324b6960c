package io.latencystore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.cli.Surroundings.Reader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** The command in a directory of its own, with a database in it and a clock that stands still. */
final class LatencyCommand {

  static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  /** What a run left behind. */
  record Outcome(int code, String out, String err) {}

  private final Path directory;
  private final Map<String, String> env = new HashMap<>();
  private byte[] input = {};

  LatencyCommand(Path directory) {
    this.directory = directory;
    env.put("LATENCY_DATABASE_URL", "sqlite:" + database());
  }

  Path database() {
    return path("test.db");
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  LatencyCommand env(String variable, String value) {
    env.put(variable, value);
    return this;
  }

  LatencyCommand withoutEnv(String variable) {
    env.remove(variable);
    return this;
  }

  LatencyCommand input(String text) {
    input = text.getBytes(UTF_8);
    return this;
  }

  /** Writes a file and returns its name. */
  String file(String name, String text) throws IOException {
    return file(name, text.getBytes(UTF_8));
  }

  String file(String name, byte[] bytes) throws IOException {
    return Files.write(path(name), bytes).toString();
  }

  /** Stores measurements in the form of {@code import}, without the header. */
  void given(String... rows) throws IOException {
    String csv =
        "timestamp_us,latency_us,component,command,success,metadata\n"
            + String.join("\n", rows)
            + "\n";
    Outcome outcome = run("import", file("given.csv", csv));
    if (outcome.code() != 0) {
      throw new IllegalStateException(outcome.err());
    }
  }

  Outcome run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Outcome outcome = runInto(out, args);
    return new Outcome(outcome.code(), out.toString(UTF_8), outcome.err());
  }

  /** Runs with this standard output; the outcome has none. */
  Outcome runInto(OutputStream out, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(surroundings(out, err), args);
    return new Outcome(code, "", err.toString(UTF_8));
  }

  /** Runs with this standard error and returns the exit code. */
  int runWithErrors(OutputStream err, String... args) {
    return Main.run(surroundings(OutputStream.nullOutputStream(), err), args);
  }

  private Surroundings surroundings(OutputStream out, OutputStream err) {
    return Surroundings.of(
        new ByteArrayInputStream(input),
        out,
        err,
        Map.copyOf(env),
        Clock.fixed(NOW, ZoneOffset.UTC),
        Reader.FILE);
  }
}
