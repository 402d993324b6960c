package io.latencystore.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A database file that was not there before and is not there afterwards. */
final class ScratchFile implements AutoCloseable {

  private static final List<String> SUFFIXES = List.of("", "-wal", "-shm", ".lock");

  private final Path file;
  private final boolean inOwnDirectory;

  private ScratchFile(Path file, boolean inOwnDirectory) {
    this.file = file;
    this.inOwnDirectory = inOwnDirectory;
  }

  /** A file in a temporary directory of its own. */
  static ScratchFile temporary() throws IOException {
    return new ScratchFile(Files.createTempDirectory("latency-bench-").resolve("bench.db"), true);
  }

  /**
   * The file of this name, or a temporary one if the name is empty.
   *
   * @throws IllegalArgumentException if it is there already, since it would be deleted
   */
  static ScratchFile named(String name) throws IOException {
    if (name.isEmpty()) {
      return temporary();
    }
    Path file = Path.of(name).toAbsolutePath();
    if (Files.exists(file)) {
      throw new IllegalArgumentException(
          "database="
              + file
              + " is there already, and a benchmark deletes its file; name one that is not");
    }
    return new ScratchFile(file, false);
  }

  Path path() {
    return file;
  }

  /** The URL by which a store opens it. */
  String url() {
    return "sqlite:" + file;
  }

  long sizeBytes() throws IOException {
    return Files.size(file);
  }

  /** How large it is together with its write-ahead log. */
  long sizeWithLog() throws IOException {
    Path log = file.resolveSibling(file.getFileName() + "-wal");
    return sizeBytes() + (Files.exists(log) ? Files.size(log) : 0);
  }

  /** Moves everything from the write-ahead log into the file. */
  void checkpoint() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      if (row.getInt(1) != 0) {
        throw new SQLException(file + ": somebody reads, so its log stays");
      }
    }
  }

  /** Deletes the file and what databases put beside it. */
  void delete() throws IOException {
    for (String suffix : SUFFIXES) {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
    }
  }

  @Override
  public void close() throws IOException {
    delete();
    if (inOwnDirectory) {
      Files.deleteIfExists(file.resolveSibling(""));
    }
  }
}
