package io.latencystore.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server's process and its files, in a temporary directory. A shell stands between, which ends
 * the server when this JVM ends, however that happens.
 */
final class PostgresProcess implements AutoCloseable {

  /** An unprivileged user, since PostgreSQL refuses to run as root. */
  private static final int NOBODY = 65_534;

  private static final List<String> DROP_RIGHTS =
      List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
  private static final List<String> USER_NAMESPACE = List.of("unshare", "-U");

  /** Input that ends without a line means that this JVM is gone: then the files go, too. */
  private static final String UNTIL_INPUT_ENDS =
      "\"$@\" & read -r _ && keep=yes; kill -INT $!; wait $!; [ \"$keep\" ] || rm -rf \"$0\"";

  private final Path directory;
  private final List<String> prefix;
  private final int port;
  private @Nullable Process shell;

  /** A new server that does not run yet, and takes this password from the user postgres. */
  PostgresProcess(String password) throws IOException, InterruptedException {
    directory = Files.createTempDirectory("latency-postgres-");
    prefix = prefix();
    port = freePort();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    PostgresBinaries.unpack(directory);
    Path data = Files.createDirectory(data());
    Path secret = Files.writeString(directory.resolve("password"), password);
    if (prefix.equals(DROP_RIGHTS)) {
      Files.setAttribute(data, "unix:uid", NOBODY);
      Files.setAttribute(secret, "unix:uid", NOBODY);
    }
    run(
        program("initdb"),
        "-D",
        data.toString(),
        "-U",
        "postgres",
        "-A",
        "scram-sha-256",
        "--pwfile=" + secret,
        "-E",
        "UTF8",
        "--no-locale",
        "--no-sync");
    Files.delete(secret);
  }

  private static List<String> prefix() throws IOException, InterruptedException {
    if ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") != 0) {
      return List.of();
    }
    for (List<String> way : List.of(DROP_RIGHTS, USER_NAMESPACE)) {
      List<String> command = new ArrayList<>(way);
      command.add("true");
      if (new ProcessBuilder(command).start().waitFor() == 0) {
        return way;
      }
    }
    throw new IOException(
        "PostgreSQL refuses to run as root, and neither setpriv nor unshare works here; run the tests as another user, or"
            + " name a server with "
            + PostgresServer.VARIABLE);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  private Path log() {
    return directory.resolve("log");
  }

  private String program(String name) {
    return directory.resolve("bin").resolve(name).toString();
  }

  int port() {
    return port;
  }

  private void run(String... command) throws IOException, InterruptedException {
    Process process = builder(List.of(), List.of(command)).start();
    process.getOutputStream().close();
    if (process.waitFor() != 0) {
      throw failed(command[0] + " ended with " + process.exitValue());
    }
  }

  private ProcessBuilder builder(List<String> before, List<String> command) {
    List<String> whole = new ArrayList<>(before);
    whole.addAll(prefix);
    whole.addAll(command);
    return new ProcessBuilder(whole)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
  }

  /** Starts the server, which is ready some time later. */
  void start(List<String> settings) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(program("postgres"), "-D", data().toString(), "-p", Integer.toString(port)));
    settings.forEach(setting -> command.addAll(List.of("-c", setting)));
    shell = builder(List.of("sh", "-c", UNTIL_INPUT_ENDS, directory.toString()), command).start();
  }

  /** Ends the server as an administrator does: what is connected is cut off, nothing is lost. */
  void stop() throws IOException, InterruptedException {
    Process running = shell;
    shell = null;
    if (running != null) {
      try (OutputStream in = running.getOutputStream()) {
        in.write('\n');
      }
      if (!running.waitFor(60, TimeUnit.SECONDS)) {
        running.destroyForcibly();
        throw failed("the server did not stop");
      }
    }
  }

  /** Ends the server as a power cut does. */
  void kill() throws IOException, InterruptedException {
    String pid = Files.readAllLines(data().resolve("postmaster.pid")).get(0);
    ProcessHandle server =
        ProcessHandle.of(Long.parseLong(pid))
            .orElseThrow(() -> new IOException("there is no process " + pid));
    List<ProcessHandle> sessions = server.descendants().toList();
    server.destroyForcibly();
    sessions.forEach(ProcessHandle::destroyForcibly);
    stop();
  }

  /** An exception with the end of the server's log. */
  IOException failed(String what) throws IOException {
    List<String> lines = Files.exists(log()) ? Files.readAllLines(log(), UTF_8) : List.of();
    return new IOException(
        what
            + "; it said:\n"
            + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size())));
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server stopped", e);
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(PostgresProcess::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
