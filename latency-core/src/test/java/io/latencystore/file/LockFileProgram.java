package io.latencystore.file;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Another process that holds a lock file: writes a byte once it does, and holds it until its input
 * ends.
 */
public final class LockFileProgram {

  private LockFileProgram() {}

  /** Holds the file named second in the way named first. */
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "open" -> {
        try (LockFile lock = LockFile.open(file)) {
          hold(lock);
        }
      }
      case "alone" -> {
        try (LockFile lock = LockFile.open(file)) {
          lock.alone(Duration.ofSeconds(10), () -> hold(lock));
        }
      }
      case "in-turn" -> {
        try (LockFile lock = LockFile.open(file)) {
          lock.tryInTurn(() -> holdUnchecked(lock));
        }
      }
      case "restore" -> {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.lock(0, 1, false);
          hold(channel);
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void holdUnchecked(AutoCloseable held) {
    try {
      hold(held);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object hold(AutoCloseable held) throws IOException {
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write(1);
      out.flush();
      while (System.in.read() >= 0) {
        // Until the input ends.
      }
    }
    return held;
  }
}
