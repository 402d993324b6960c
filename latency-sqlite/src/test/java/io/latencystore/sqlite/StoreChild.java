package io.latencystore.sqlite;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The main class of the processes that tests start: a verb and its arguments. It waits for a line
 * of its input where it says that it is ready.
 */
final class StoreChild {

  private StoreChild() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "record" -> record(arguments[1], arguments[2], Integer.parseInt(arguments[3]));
      case "hold" -> hold(arguments[1]);
      case "lock" -> lock(Path.of(arguments[1]));
      case "append-for-ever" -> appendForEver(arguments[1], Integer.parseInt(arguments[2]));
      case "use-everything" -> useEverything(arguments[1]);
      case "native-library" -> nativeLibrary(arguments[1]);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void record(String url, String component, int count) throws IOException {
    say("ready");
    awaitLine();
    try (LatencyStore store = LatencyStore.open(url)) {
      for (int i = 0; i < count; i++) {
        store.recorder(component, "command").record(Numbered.NOON + i, i);
      }
    }
  }

  private static void hold(String url) throws IOException {
    try (LatencyStore store = LatencyStore.open(url)) {
      store.append(Numbered.measurements(0, 10));
      store.summarize(LatencyQuery.all());
      say("ready");
      awaitLine();
    }
  }

  private static void lock(Path file) throws Exception {
    try (Connection connection = RawSql.open(file)) {
      RawSql.execute(connection, "BEGIN IMMEDIATE");
      say("ready");
      awaitLine();
      RawSql.execute(connection, "COMMIT");
    }
  }

  private static void appendForEver(String url, int batch) {
    try (LatencyStore store = LatencyStore.builder(url).appendBatch(batch).open()) {
      store.append(
          LongStream.iterate(0, n -> n + 1).mapToObj(n -> Numbered.measurement("component", n)));
    }
  }

  private static void useEverything(String url) throws Exception {
    try (LatencyStore store = LatencyStore.open(url)) {
      store.append(Numbered.measurements(0, 1_000));
      store.record(
          LatencyMeasurement.ofMicros(Numbered.NOON, 1, "c", "k", false, "{\"some\":\"json\"}"));
      store.recorder("c", "k").time(() -> 1);
      store.recorder("c", "k").record(Duration.ofNanos(-1));
      store.flush();
      store.summarizeBySeries(LatencyQuery.all());
      store.timeSeries(LatencyQuery.last(Duration.ofHours(1)), Duration.ofMinutes(1));
      store.last(LatencyQuery.all().component("c"), 3);
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        all.forEach(measurement -> {});
      }
      store.check();
    }
    try {
      LatencyStore.open(url + "/no/such/directory");
    } catch (StoreException e) {
      return;
    }
    throw new IllegalStateException("a file is no directory");
  }

  private static void nativeLibrary(String url) throws IOException {
    LatencyStore.open(url).close();
    say("org.sqlite.tmpdir=" + System.getProperty("org.sqlite.tmpdir"));
    awaitLine();
  }

  private static void say(String line) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    out.println(line);
  }

  private static void awaitLine() throws IOException {
    int next = System.in.read();
    while (next >= 0 && next != '\n') {
      next = System.in.read();
    }
  }
}
