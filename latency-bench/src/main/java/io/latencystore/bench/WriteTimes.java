package io.latencystore.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** For how long this thread has kept others from writing to a store, as its events say. */
final class WriteTimes implements AutoCloseable {

  private static final String EVENT = "io.latencystore.Writing";

  private final Recording recording = new Recording();

  /** Begins to listen. */
  WriteTimes() {
    recording.enable(EVENT).withoutThreshold();
    recording.start();
  }

  /** Listens no longer; returns the longest time. */
  long longestNanos() throws IOException {
    recording.stop();
    Path file = Files.createTempFile("latency-bench-", ".jfr");
    try {
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(WriteTimes::isOurs)
          .mapToLong(event -> event.getDuration().toNanos())
          .max()
          .orElse(0);
    } finally {
      Files.delete(file);
    }
  }

  private static boolean isOurs(RecordedEvent event) {
    return event.getEventType().getName().equals(EVENT)
        && event.getThread().getJavaThreadId() == Thread.currentThread().getId();
  }

  @Override
  public void close() {
    recording.close();
  }
}
