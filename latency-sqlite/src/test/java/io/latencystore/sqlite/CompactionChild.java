package io.latencystore.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyStore;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * The main class of processes that compact: {@code compact URL}, or {@code append URL NAME
 * ACKNOWLEDGED}, which appends 1, 2, 3, … as latencies of a series of its own, ten at a time and
 * ten seconds apart, with maintenance all the while, until it is told to stop. It pauses in
 * between, as any process does that does not only append, so that the lock is free now and then.
 */
final class CompactionChild {

  static final int AT_ONCE = 10;
  private static final long APART_MICROS = 10_000_000;
  private static final long PAUSE_NANOS = 5_000_000;

  private CompactionChild() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "compact" -> compact(arguments[1]);
      case "append" -> append(arguments[1], arguments[2], Path.of(arguments[3]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void compact(String url) {
    try (LatencyStore store = LatencyStore.open(url)) {
      say("ready");
      store.maintenance().compact();
    }
    say("compacted");
  }

  private static void append(String url, String name, Path acknowledgedIn) throws IOException {
    SpoolAcknowledged acknowledged = SpoolAcknowledged.in(acknowledgedIn, 1);
    try (LatencyStore store =
        LatencyStore.builder(url).maintenanceInterval(Duration.ofMillis(10)).open()) {
      say("ready");
      for (long from = 1; System.in.available() == 0; from += AT_ONCE) {
        store.append(measurements(name, from, from + AT_ONCE));
        acknowledged.set(0, from + AT_ONCE - 1);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Measurements with these numbers as latencies. */
  static List<LatencyMeasurement> measurements(String name, long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(
            n ->
                LatencyMeasurement.ofMicros(
                    Numbered.NOON + n * APART_MICROS, n, name, "command", true, null))
        .toList();
  }

  private static void say(String line) {
    new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8).println(line);
  }
}
