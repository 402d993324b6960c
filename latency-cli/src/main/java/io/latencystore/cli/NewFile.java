package io.latencystore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A text file that is there under its name once it is whole. Until {@link #commit} it lies beside
 * its place under a temporary name; closed before, it disappears.
 */
final class NewFile implements Closeable {

  /** What to do about a file that has the name already. */
  enum Existing {
    REFUSE,
    REPLACE
  }

  private final Path target;
  private final Existing existing;
  private final Path unfinished;
  private final Writer writer;

  private NewFile(Path target, Existing existing, Path unfinished) throws IOException {
    this.target = target;
    this.existing = existing;
    this.unfinished = unfinished;
    this.writer = Files.newBufferedWriter(unfinished, UTF_8, StandardOpenOption.CREATE_NEW);
  }

  /**
   * Begins a file.
   *
   * @throws RefusedException if the name is taken by a file that must not be replaced, or its
   *     directory does not exist
   */
  static NewFile create(Path path, Existing existing) throws IOException {
    Path target = path.toAbsolutePath();
    refuseTaken(target, existing);
    if (Files.isSymbolicLink(target)) {
      target = target.toRealPath();
    }
    if (!Files.isDirectory(target.resolveSibling(""))) {
      throw new RefusedException(path + ": its directory does not exist; create it");
    }
    Path unfinished = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    return new NewFile(target, existing, unfinished);
  }

  private static void refuseTaken(Path target, Existing existing) {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    } else if (!Files.isRegularFile(target)) {
      throw new RefusedException(target + " is no regular file; leave FILE out and redirect");
    } else if (existing == Existing.REFUSE) {
      throw new RefusedException(target + " exists already; name another file, or --force");
    }
  }

  Writer writer() {
    return writer;
  }

  /** Gives the file its name. */
  void commit() throws IOException {
    writer.close();
    if (existing == Existing.REPLACE) {
      Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
    } else {
      refuseTaken(target, existing);
      Files.move(unfinished, target);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
    Files.deleteIfExists(unfinished);
  }
}
