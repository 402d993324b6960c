package io.latencystore.sqlite;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * What a URL names: a file, or memory.
 *
 * @param place the path as written, or {@value #MEMORY}
 */
record SqliteUrl(String place) {

  private static final String MEMORY = ":memory:";

  static boolean matches(String url) {
    return url.startsWith("sqlite:") || url.startsWith("jdbc:sqlite:");
  }

  /**
   * Takes a URL apart.
   *
   * @throws IllegalArgumentException if it names no file
   */
  static SqliteUrl parse(String url) {
    String rest = url.substring(url.indexOf("sqlite:") + "sqlite:".length());
    if (rest.startsWith("//")) {
      rest = rest.substring(2);
      if (beginsWithADrive(rest)) {
        rest = rest.substring(1);
      }
    }
    if (rest.isBlank()) {
      throw new IllegalArgumentException(
          "\"" + url + "\" names no file; write for instance sqlite:latency.db");
    }
    if (rest.startsWith(":") && !rest.equals(MEMORY)) {
      throw new IllegalArgumentException(
          "\""
              + url
              + "\": a path that begins with a colon is not supported; write sqlite:./"
              + rest);
    }
    return new SqliteUrl(rest);
  }

  /** Whether it is {@code /C:/} or {@code /C:\} and so on. */
  private static boolean beginsWithADrive(String path) {
    return path.length() > 3
        && path.charAt(0) == '/'
        && Character.isLetter(path.charAt(1))
        && path.charAt(1) < 0x80
        && path.charAt(2) == ':'
        && (path.charAt(3) == '/' || path.charAt(3) == '\\');
  }

  boolean isMemory() {
    return place.equals(MEMORY);
  }

  /**
   * The file, as an absolute path.
   *
   * @throws IllegalArgumentException if the file system has no such paths
   */
  Path path() {
    try {
      return Path.of(place).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "\"" + place.replace("\0", "\\0") + "\" is no path here: " + e.getReason(), e);
    }
  }
}
