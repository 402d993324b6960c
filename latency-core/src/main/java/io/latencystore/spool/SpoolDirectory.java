package io.latencystore.spool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.file.LockFile;
import io.latencystore.file.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * Where spools lie: a directory with one subdirectory for each, named by its producer.
 *
 * <pre>
 * NAME.lock                   held alone by who makes, takes over or removes a spool
 * NAME.spool/PRODUCER/lock    held by the process whose spool it is; free once that is dead
 *                    /store   the store that the measurements belong to
 *                    /series  see {@link SeriesLog}
 *                    /N.segment, see {@link Segment}
 * </pre>
 *
 * <p>Immutable; safe for use by any thread and process.
 */
public final class SpoolDirectory {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String LOCK = "lock";
  private static final String SUFFIX = ".spool";
  private static final String STORE = "store";
  private static final String SERIES = "series";

  private final Path root;
  private final String location;

  /**
   * The spools in a directory.
   *
   * @param location where the database is that they belong to, as long as its identity is not known
   */
  public SpoolDirectory(Path root, String location) {
    this.root = root;
    this.location = "at " + location;
  }

  /** The directory itself. */
  public Path root() {
    return root;
  }

  /** The place of one spool, held by this process. */
  public final class Place {

    private final Path directory;
    private final LockFile lock;

    private Place(Path directory, LockFile lock) {
      this.directory = directory;
      this.lock = lock;
    }

    Path directory() {
      return directory;
    }

    Path seriesFile() {
      return directory.resolve(SERIES);
    }

    /** Says to which store the measurements belong, now that it is known. */
    public void belongsTo(String storeId) throws IOException {
      Path written = write(storeId);
      try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      replaceStoreBy(written);
    }

    /** Says where the store is, as long as that is all that is known of it. */
    private void belongsToWhatIsAt(String location) throws IOException {
      replaceStoreBy(write(location));
    }

    private Path write(String owner) throws IOException {
      Path written = directory.resolve(STORE + ".new");
      PrivateFiles.createFile(written);
      Files.writeString(written, owner, UTF_8);
      return written;
    }

    private void replaceStoreBy(Path written) throws IOException {
      Files.move(
          written,
          directory.resolve(STORE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }

    /** Lets go of the place; whoever comes next drains it. */
    public void leave() throws IOException {
      lock.close();
    }

    /** Keeps what is in the place for somebody to look at, in a directory beside it. */
    public Path keepAside() throws IOException {
      Path aside = root.resolve("damaged-" + directory.getFileName());
      PrivateFiles.createDirectory(aside);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          if (!file.endsWith(LOCK)) {
            Files.copy(
                file, aside.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
      return aside;
    }

    /**
     * Removes what is in the place, and then the place itself: so whoever finds it in between finds
     * nothing to store, and goes on.
     *
     * @param forgotten called in between; whether nothing remembers the spool any more. If not, the
     *     place is left for whoever comes next.
     */
    public void remove(BooleanSupplier forgotten) throws IOException {
      Failpoint.pass("removing");
      empty();
      if (!forgotten.getAsBoolean()) {
        leave();
        return;
      }
      Failpoint.pass("forgotten");
      alone(
          () -> {
            Files.deleteIfExists(directory.resolve(STORE));
            lock.close();
            Files.deleteIfExists(directory.resolve(LOCK));
            Files.deleteIfExists(directory);
            removeIfEmpty();
            return true;
          });
    }

    /** What a power cut brought back would be taken for new by whoever has forgotten it. */
    private void empty() throws IOException {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          if (!file.endsWith(LOCK) && !file.endsWith(STORE)) {
            Files.deleteIfExists(file);
          }
        }
      }
      PrivateFiles.syncDirectory(directory);
      Failpoint.pass("emptied");
    }
  }

  private void removeIfEmpty() throws IOException {
    try {
      Files.deleteIfExists(root);
    } catch (DirectoryNotEmptyException e) {
      // Others have their spools there.
    }
  }

  /** Makes the place of a new spool. */
  public Place create(long producer) throws IOException {
    return alone(
        () -> {
          PrivateFiles.createDirectory(root);
          Path directory = root.resolve(Long.toHexString(producer));
          PrivateFiles.createDirectory(directory);
          Place place = new Place(directory, LockFile.open(directory.resolve(LOCK)));
          try {
            place.belongsToWhatIsAt(location);
            return place;
          } catch (IOException e) {
            place.leave();
            throw e;
          }
        });
  }

  /** Takes over the spools of a store whose processes are dead. */
  public List<Orphan> adopt(String storeId) throws IOException {
    if (!mayHoldOrphans()) {
      return List.of();
    }
    return alone(
        () -> {
          List<Orphan> orphans = new ArrayList<>();
          try (DirectoryStream<Path> directories =
              Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path directory : directories) {
              adopt(directory, storeId, orphans);
            }
          }
          return orphans;
        });
  }

  /** Looks without the lock, since there are hardly ever any. */
  private boolean mayHoldOrphans() throws IOException {
    if (!Files.isDirectory(root)) {
      return false;
    }
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path directory : directories) {
        if (!LockFile.isHeldHere(directory.resolve(LOCK))) {
          return true;
        }
      }
    }
    return false;
  }

  private void adopt(Path directory, String storeId, List<Orphan> orphans) throws IOException {
    long producer;
    try {
      producer = Long.parseLong(directory.getFileName().toString(), 16);
    } catch (NumberFormatException e) {
      return;
    }
    Path store = directory.resolve(STORE);
    if (Files.exists(store)) {
      String owner = new String(Files.readAllBytes(store), UTF_8);
      if (!owner.isEmpty() && !owner.equals(storeId) && !owner.equals(location)) {
        return;
      }
    }
    LockFile lock = LockFile.own(directory.resolve(LOCK));
    if (lock != null) {
      // Without a store's name its process died while it was made or removed: then it holds
      // nothing.
      orphans.add(new Orphan(producer, new Place(directory, lock)));
    }
  }

  /** Beside the directory, which comes and goes: {@code NAME.lock} for {@code NAME.spool}. */
  private Path lockFile() {
    String name = root.getFileName().toString();
    String base = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    return root.resolveSibling(base + ".lock");
  }

  /** What is done alone. */
  private interface Step<T> extends Callable<T> {
    @Override
    T call() throws IOException;
  }

  private <T> T alone(Step<T> step) throws IOException {
    try (LockFile lock = LockFile.open(lockFile())) {
      return lock.alone(PATIENCE, step);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("waiting for " + lockFile(), e);
    }
  }
}
