package io.latencystore.sqlite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What lies below a directory: each name with what it is and a checksum of what is in it. */
record Snapshot(SortedMap<String, String> entries) {

  static Snapshot of(Path directory) throws IOException {
    SortedMap<String, String> entries = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.toList()) {
        entries.put(directory.relativize(path).toString(), describe(path));
      }
    }
    return new Snapshot(entries);
  }

  private static String describe(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path);
    }
    if (!Files.isRegularFile(path)) {
      return "no file";
    }
    CRC32C checksum = new CRC32C();
    byte[] bytes = Files.isReadable(path) ? Files.readAllBytes(path) : new byte[0];
    checksum.update(bytes);
    byte[] modified = Files.getLastModifiedTime(path).toString().getBytes(StandardCharsets.UTF_8);
    checksum.update(modified);
    return bytes.length + " bytes, " + Long.toHexString(checksum.getValue());
  }
}
