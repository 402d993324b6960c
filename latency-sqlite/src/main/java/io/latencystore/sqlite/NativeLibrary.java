package io.latencystore.sqlite;

import io.latencystore.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads the driver's native library from a directory of this process alone.
 *
 * <p>The driver unpacks its library into the temporary directory, where a killed process leaves it.
 * Hence each process has a directory that names it, and removes those of processes that are gone. A
 * host that sets {@code org.sqlite.tmpdir} itself is left alone; otherwise the property is set only
 * while the library loads.
 */
final class NativeLibrary {

  private static final String PROPERTY = "org.sqlite.tmpdir";
  private static final String PREFIX = "latency-store-";

  private static boolean loaded;

  private NativeLibrary() {}

  static synchronized void load() {
    if (loaded) {
      return;
    }
    Path directory = null;
    if (System.getProperty(PROPERTY) == null) {
      directory = ownDirectory();
    }
    try {
      if (directory != null) {
        System.setProperty(PROPERTY, directory.toString());
      }
      if (!SQLiteJDBCLoader.initialize()) {
        throw failed(directory, null);
      }
      loaded = true;
    } catch (StoreUnavailableException e) {
      throw e;
    } catch (Exception | LinkageError e) {
      throw failed(directory, e);
    } finally {
      if (directory != null) {
        System.clearProperty(PROPERTY);
      }
    }
  }

  private static StoreUnavailableException failed(
      @Nullable Path directory, @Nullable Throwable cause) {
    return new StoreUnavailableException(
        "SQLite's native library cannot be loaded from "
            + (directory == null ? System.getProperty(PROPERTY) : directory)
            + (cause == null ? "" : " (" + cause.getMessage() + ")")
            + "; if that file system is mounted noexec or full, set the system property "
            + PROPERTY
            + " to a directory where programs may be run",
        cause);
  }

  private static Path ownDirectory() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      removeStale(temporary);
      Path directory =
          Files.createTempDirectory(temporary, PREFIX + ProcessHandle.current().pid() + "-");
      directory.toFile().deleteOnExit();
      return directory;
    } catch (IOException e) {
      throw failed(temporary, e);
    }
  }

  private static void removeStale(Path temporary) throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(temporary, PREFIX + "*-*")) {
      for (Path directory : directories) {
        if (isStale(directory)) {
          remove(directory);
        }
      }
    }
  }

  private static boolean isStale(Path directory) {
    String name = directory.getFileName().toString().substring(PREFIX.length());
    try {
      long pid = Long.parseLong(name.substring(0, name.indexOf('-')));
      return Files.isDirectory(directory, java.nio.file.LinkOption.NOFOLLOW_LINKS)
          && Files.isWritable(directory)
          && ProcessHandle.of(pid).isEmpty();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * Removes a directory and the files in it; what somebody else removes or holds at the same time
   * is left.
   */
  private static void remove(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // Another process is about the same clean-up, or the system still holds a file: the next
      // start tries again.
    }
  }
}
