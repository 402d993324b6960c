package io.latencystore.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A process that runs {@link StoreChild}; killed when closed. */
final class Child implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  private Child(ProcessBuilder builder) throws IOException {
    // A JVM that finds one of these set says so on its standard error.
    List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
        .forEach(builder.environment()::remove);
    process = builder.start();
    out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    in = process.outputWriter(UTF_8);
  }

  static Child start(String... arguments) throws IOException {
    return new Child(
        new ProcessBuilder(command(classPath(), List.of(), arguments))
            .redirectError(ProcessBuilder.Redirect.DISCARD));
  }

  /** Starts one whose standard error goes to a file. */
  static Child start(Path error, String classPath, String... arguments) throws IOException {
    return new Child(
        new ProcessBuilder(command(classPath, List.of(), arguments)).redirectError(error.toFile()));
  }

  /** Starts one with an option of the JVM, and its standard error in a file. */
  static Child startWithOption(Path error, String option, String... arguments) throws IOException {
    return new Child(
        new ProcessBuilder(command(classPath(), List.of(option), arguments))
            .redirectError(error.toFile()));
  }

  /** Starts one whose new files are for everybody unless it says otherwise. */
  static Child startWithoutUmask(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 000; exec \"$0\" \"$@\""));
    command.addAll(command(classPath(), List.of(), arguments));
    return new Child(new ProcessBuilder(command));
  }

  private static List<String> command(String classPath, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classPath));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(options);
    command.add(StoreChild.class.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** The class path without what has this in its file name. */
  static String classPathWithout(String name) {
    return Arrays.stream(classPath().split(File.pathSeparator, -1))
        .filter(entry -> !Path.of(entry).getFileName().toString().contains(name))
        .collect(Collectors.joining(File.pathSeparator));
  }

  Process process() {
    return process;
  }

  /** Waits for this line, which must be the next. */
  void awaitLine(String line) throws IOException {
    assertThat(out.readLine()).isEqualTo(line);
  }

  /** Tells it to go on from where it said that it is ready. */
  void go() throws IOException {
    in.write("\n");
    in.flush();
  }

  /** Waits for its end, which must be a good one; returns what else it printed. */
  String awaitEnd() throws Exception {
    String printed = out.lines().collect(Collectors.joining("\n"));
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return printed;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    out.close();
  }
}
