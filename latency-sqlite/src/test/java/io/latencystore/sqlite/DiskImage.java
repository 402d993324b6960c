package io.latencystore.sqlite;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a disk holds after a crash: a copy of a database and its spools, to be cut and damaged. */
record DiskImage(Path directory) {

  static final int PAGE = 4_096;
  private static final int LOG_HEAD = 32;
  private static final int FRAME_HEAD = 24;

  /** A copy of what lies in a directory, but for what SQLite makes anew. */
  static DiskImage of(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        if (!file.toString().endsWith("-shm")) {
          Files.copy(
              file,
              target.resolve(source.relativize(file).toString()),
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return new DiskImage(target);
  }

  Path database() {
    return directory.resolve("latency.db");
  }

  Path log() {
    return directory.resolve("latency.db-wal");
  }

  /** The files of the spools whose names end so. */
  List<Path> spooled(String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(SpoolStores.spools(database()))) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(suffix))
          .sorted()
          .toList();
    }
  }

  /** The end of each frame of the log that belongs to its latest round. */
  List<Long> frameEnds() throws IOException {
    return frameEnds(0);
  }

  /** The end of each frame that ends a transaction. */
  List<Long> commitEnds() throws IOException {
    return frameEnds(1);
  }

  private List<Long> frameEnds(int leastSize) throws IOException {
    ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(log()));
    List<Long> ends = new ArrayList<>();
    if (log.capacity() < LOG_HEAD) {
      return ends;
    }
    int frame = FRAME_HEAD + log.getInt(8);
    long salt = log.getLong(16);
    for (int at = LOG_HEAD;
        at + frame <= log.capacity() && log.getLong(at + 8) == salt;
        at += frame) {
      if (log.getInt(at + 4) >= leastSize) {
        ends.add((long) at + frame);
      }
    }
    return ends;
  }

  /** Takes away what lies behind a place in a file. */
  static void cut(Path file, long at) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(Math.min(at, access.length()));
    }
  }

  /** Fills a file with zeros from a place on. */
  static void zero(Path file, long at) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      if (at < access.length()) {
        access.seek(at);
        access.write(new byte[(int) (access.length() - at)]);
      }
    }
  }

  /** Flips a bit. */
  static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      if (at < access.length()) {
        access.seek(at);
        int found = access.read();
        access.seek(at);
        access.write(found ^ 1);
      }
    }
  }
}
