package io.latencystore.file;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.latencystore.StoreUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lock between processes, in a file that is never deleted.
 *
 * <p>Byte 0 is locked in shared mode by everyone who has the file open; byte 1 exclusively by
 * whoever must be alone for a while; byte 2 exclusively by whoever does what one at a time does.
 *
 * <p>Assumes that a process holds locks on a file once, whoever in it asked, and that closing any
 * of its channels on the file releases them all (POSIX). Therefore all holders within a class
 * loader share one channel, and a registry that all class loaders of the JVM share (system
 * properties) is asked before the file is opened: a second class loader is refused, since it would
 * have a copy of the database's native library whose locks know nothing of the first. Safe for use
 * by any thread.
 */
public final class LockFile implements AutoCloseable {

  private static final String REGISTRY_PREFIX = "io.latencystore.lock:";
  private static final String CLASS_LOADER =
      System.nanoTime() + "-" + System.identityHashCode(LockFile.class);
  private static final long POLL_NANOS = 5_000_000;
  private static final Map<String, Held> HELD = new HashMap<>();

  /** The one channel of this class loader on a file. */
  private static final class Held {
    final FileChannel channel;
    final FileLock shared;
    final ReentrantLock alone = new ReentrantLock();
    final ReentrantLock inTurn = new ReentrantLock();
    int holders;

    Held(FileChannel channel, FileLock shared) {
      this.channel = channel;
      this.shared = shared;
    }
  }

  private final String key;
  private final Path file;
  private final Held held;
  private boolean closed;

  private LockFile(String key, Path file, Held held) {
    this.key = key;
    this.file = file;
    this.held = held;
  }

  /**
   * Opens a lock file, creating it if there is none, and locks byte 0 in shared mode.
   *
   * @throws StoreUnavailableException if a second class loader of this JVM has it open, or another
   *     process is alone
   * @throws IOException if the file cannot be opened
   */
  public static LockFile open(Path file) throws IOException {
    PrivateFiles.createFile(file);
    Path real = file.toRealPath(LinkOption.NOFOLLOW_LINKS);
    String key = REGISTRY_PREFIX + real;
    synchronized (HELD) {
      Held held = HELD.get(key);
      if (held == null) {
        held = open(key, real);
        HELD.put(key, held);
      }
      held.holders++;
      return new LockFile(key, real, held);
    }
  }

  /**
   * Opens a lock file as its only holder, if nobody has it open.
   *
   * @return the lock, or null if another process or class loader has it, or this one
   * @throws IOException if the file cannot be opened
   */
  public static @Nullable LockFile own(Path file) throws IOException {
    PrivateFiles.createFile(file);
    Path real = file.toRealPath(LinkOption.NOFOLLOW_LINKS);
    String key = REGISTRY_PREFIX + real;
    synchronized (HELD) {
      if (System.getProperties().putIfAbsent(key, CLASS_LOADER) != null) {
        return null;
      }
      FileChannel channel = FileChannel.open(real, Set.of(READ, WRITE, LinkOption.NOFOLLOW_LINKS));
      FileLock lock = channel.tryLock(0, 1, false);
      if (lock == null) {
        channel.close();
        System.getProperties().remove(key, CLASS_LOADER);
        return null;
      }
      Held held = new Held(channel, lock);
      held.holders = 1;
      HELD.put(key, held);
      return new LockFile(key, real, held);
    }
  }

  /** Whether this class loader has a lock file open. */
  public static boolean isHeldHere(Path file) {
    synchronized (HELD) {
      return HELD.containsKey(REGISTRY_PREFIX + file.toAbsolutePath());
    }
  }

  /**
   * Refuses a file that a second class loader of this JVM has open. To be asked before anything
   * beside the lock file is opened, and with the file's real path.
   *
   * @throws StoreUnavailableException if it has
   */
  public static void refuseSecondClassLoader(Path file) {
    refuse(file, System.getProperties().get(REGISTRY_PREFIX + file));
  }

  private static void refuse(Path file, @Nullable Object holder) {
    if (holder != null && !holder.equals(CLASS_LOADER)) {
      throw new StoreUnavailableException(
          file
              + " is held by another class loader of this JVM; two copies of the database library in one process"
              + " would destroy the database. Share one copy of it between them",
          null);
    }
  }

  private static Held open(String key, Path file) throws IOException {
    refuse(file, System.getProperties().putIfAbsent(key, CLASS_LOADER));
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, Set.of(READ, WRITE, LinkOption.NOFOLLOW_LINKS));
      FileLock shared = channel.tryLock(0, 1, true);
      if (shared == null) {
        throw new StoreUnavailableException(
            file + " is locked by a process that must be alone, such as a restore; try again later",
            null);
      }
      return new Held(channel, shared);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      System.getProperties().remove(key, CLASS_LOADER);
      throw e;
    }
  }

  /**
   * Does some work while holding byte 1 exclusively.
   *
   * @param timeout how long to wait for others to finish theirs
   * @throws StoreUnavailableException if others do not finish in time
   * @throws Exception whatever the work throws
   */
  public <T> T alone(Duration timeout, Callable<T> work) throws Exception {
    // An interrupt would end the wait, and close the channel that everybody shares; it is put off.
    boolean interrupted = Thread.interrupted();
    try {
      return aloneUninterrupted(timeout, work);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> T aloneUninterrupted(Duration timeout, Callable<T> work) throws Exception {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!held.alone.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      throw busy(timeout);
    }
    try {
      FileLock lock = held.channel.tryLock(1, 1, false);
      while (lock == null) {
        if (System.nanoTime() - deadline > 0) {
          throw busy(timeout);
        }
        LockSupport.parkNanos(POLL_NANOS);
        lock = held.channel.tryLock(1, 1, false);
      }
      try {
        return work.call();
      } finally {
        lock.release();
      }
    } finally {
      held.alone.unlock();
    }
  }

  /**
   * Does some work while holding byte 2 exclusively, unless somebody else holds it, or has begun in
   * this process.
   *
   * @return whether it did
   * @throws IOException if the file cannot be locked
   */
  public boolean tryInTurn(Runnable work) throws IOException {
    if (held.inTurn.isHeldByCurrentThread() || !held.inTurn.tryLock()) {
      return false;
    }
    // An interrupt would close the channel that everybody shares; it is put off.
    boolean interrupted = Thread.interrupted();
    try (FileLock lock = held.channel.tryLock(2, 1, false)) {
      if (lock != null) {
        work.run();
      }
      return lock != null;
    } finally {
      held.inTurn.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private StoreUnavailableException busy(Duration timeout) {
    return new StoreUnavailableException(
        file
            + " has been locked by another process for "
            + timeout
            + ", which migrates or restores; try again later",
        null);
  }

  /** Releases the file; the last holder of this class loader closes it. */
  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      if (closed) {
        return;
      }
      closed = true;
      held.holders--;
      if (held.holders == 0) {
        HELD.remove(key);
        try {
          held.shared.release();
        } finally {
          held.channel.close();
          System.getProperties().remove(key, CLASS_LOADER);
        }
      }
    }
  }
}
