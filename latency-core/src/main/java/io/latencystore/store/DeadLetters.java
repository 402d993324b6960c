package io.latencystore.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.LatencyMeasurement;
import io.latencystore.file.PrivateFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where measurements go that the database refuses: a file of JSON lines, each with the producer and
 * the position that identify it. A line is synced before its measurement is passed over; one that
 * appears twice, because the process died in between, has the same identity. For one thread.
 */
final class DeadLetters {

  private final @Nullable Path file;

  /** Dead letters in {@code dead-letters.jsonl} of a directory, or nowhere if there is none. */
  DeadLetters(@Nullable Path directory) {
    this.file = directory == null ? null : directory.resolve("dead-letters.jsonl");
  }

  /**
   * Puts a measurement aside.
   *
   * @return whether there is a file for it
   */
  boolean add(long producer, long position, LatencyMeasurement measurement, Throwable cause)
      throws IOException {
    if (file == null) {
      return false;
    }
    PrivateFiles.createFile(file);
    String line =
        String.format(
            Locale.ROOT,
            "{\"producer\":\"%x\",\"position\":%d,\"timestamp_us\":%d,\"latency_us\":%d,\"component\":%s,\"command\":%s,"
                + "\"success\":%b,\"metadata\":%s,\"refused\":%s}%n",
            producer,
            position,
            measurement.timestampMicros(),
            measurement.latencyMicros(),
            json(measurement.component()),
            json(measurement.command()),
            measurement.success(),
            json(measurement.metadata()),
            json(cause.getMessage()));
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(out.length());
      out.write(line.getBytes(UTF_8));
      out.getFD().sync();
    }
    return true;
  }

  private static String json(@Nullable String text) {
    if (text == null) {
      return "null";
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f) {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
