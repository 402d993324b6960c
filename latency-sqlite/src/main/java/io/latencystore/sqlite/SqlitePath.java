package io.latencystore.sqlite;

import io.latencystore.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a path, where SQLite would only say that it cannot open it. */
final class SqlitePath {

  private SqlitePath() {}

  /**
   * The real path of a file that can be opened or created.
   *
   * @throws StoreUnavailableException if it can be neither; the message says why
   */
  static Path check(Path file) {
    if (file.getFileName() == null || Files.isDirectory(file)) {
      throw refused(file, "is a directory; name a file in it", null);
    }
    if (Files.isSymbolicLink(file) && !Files.exists(file)) {
      throw refused(file, "is a link that leads nowhere or in a circle; remove or mend it", null);
    }
    Path directory = realDirectory(file);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return checkExisting(file);
    }
    if (!Files.isWritable(directory)) {
      throw refused(
          file,
          "cannot be created: this user may not write in " + directory + "; name another place",
          null);
    }
    return directory.resolve(file.getFileName());
  }

  private static Path realDirectory(Path file) {
    Path directory = file.getParent();
    if (directory == null || !Files.exists(directory)) {
      throw refused(
          file,
          "cannot be opened: the directory " + directory + " does not exist; create it",
          null);
    }
    if (!Files.isDirectory(directory)) {
      throw refused(
          file, "cannot be opened: " + directory + " is not a directory; name another place", null);
    }
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw refused(file, "cannot be opened: " + directory + " cannot be entered (" + e + ")", e);
    }
  }

  private static Path checkExisting(Path file) {
    Path real;
    try {
      real = file.toRealPath();
    } catch (IOException e) {
      throw refused(file, "cannot be opened (" + e + ")", e);
    }
    if (!Files.isRegularFile(real)) {
      throw refused(real, "is not a regular file; name another", null);
    }
    if (!Files.isReadable(real)) {
      throw refused(real, "may not be read by this user; change its owner or mode", null);
    }
    if (!Files.isWritable(real)) {
      throw refused(real, "is read-only for this user; change its owner or mode, or copy it", null);
    }
    Path directory = real.getParent();
    if (directory != null && !Files.isWritable(directory)) {
      throw refused(
          real,
          "cannot be used: SQLite keeps its log beside it, and this user may not write in "
              + directory,
          null);
    }
    return real;
  }

  private static StoreUnavailableException refused(
      Path file, String why, @Nullable Throwable cause) {
    return new StoreUnavailableException(file + " " + why, cause);
  }
}
