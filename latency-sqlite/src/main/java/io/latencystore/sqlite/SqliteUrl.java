package io.latencystore.sqlite;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What a URL names: a file, or memory.
 *
 * @param place the path as written, or {@value #MEMORY}
 */
record SqliteUrl(String place) {

  private static final String MEMORY = ":memory:";
  private static final Pattern WINDOWS_DRIVE =
      Pattern.compile("/[A-Za-z]:[/\\\\].*", Pattern.DOTALL);

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
      if (WINDOWS_DRIVE.matcher(rest).matches()) {
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
