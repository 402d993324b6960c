package io.latencystore.spool;

import io.latencystore.file.PrivateFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the buffers of segments come from: files in a directory, or plain memory. For one thread at
 * a time.
 *
 * <p>A file is preallocated by writing zeros, since a write to a hole of a mapped file on a full
 * disk kills the JVM. It is never truncated, and never unmapped while the process lives.
 */
final class SegmentBuffers {

  private static final String SUFFIX = ".segment";

  /** For emptying, again and again. */
  static final byte[] ZEROS = new byte[1 << 16];

  private final @Nullable Path directory;
  private final IdentityHashMap<ByteBuffer, Path> files = new IdentityHashMap<>();
  private int made;
  private volatile boolean filesAreNew;

  /** Buffers in files of a directory, or in memory if there is none. */
  SegmentBuffers(@Nullable Path directory) {
    this.directory = directory;
  }

  static boolean isSegment(Path file) {
    return file.toString().endsWith(SUFFIX);
  }

  /**
   * A new buffer of {@link Segment#BYTES} zeros.
   *
   * @throws IOException if the disk has no room for it
   */
  ByteBuffer allocate() throws IOException {
    if (directory == null) {
      return allocateInMemory();
    }
    Path file = directory.resolve(made++ + SUFFIX);
    PrivateFiles.createFile(file);
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      for (int left = Segment.BYTES; left > 0; left -= ZEROS.length) {
        access.write(ZEROS, 0, Math.min(left, ZEROS.length));
      }
      ByteBuffer buffer = access.getChannel().map(MapMode.READ_WRITE, 0, Segment.BYTES);
      files.put(buffer, file);
      filesAreNew = true;
      return buffer.order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static ByteBuffer allocateInMemory() throws IOException {
    try {
      return ByteBuffer.allocateDirect(Segment.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    } catch (OutOfMemoryError e) {
      throw new IOException("no direct memory is left; see -XX:MaxDirectMemorySize", e);
    }
  }

  /**
   * Makes the first bytes of a buffer survive a power cut. No more than those: the next write to a
   * synced page costs a page fault.
   */
  static void force(ByteBuffer buffer, int bytes) throws IOException {
    if (buffer instanceof MappedByteBuffer mapped) {
      try {
        mapped.force(0, bytes);
      } catch (UncheckedIOException e) {
        throw new IOException("syncing the spool: " + e.getMessage(), e);
      }
    }
  }

  /** Makes the names of new files survive a power cut, and those of the directories they are in. */
  void syncNames() throws IOException {
    if (directory != null && filesAreNew) {
      filesAreNew = false;
      Path root = directory.resolveSibling("");
      PrivateFiles.syncDirectory(directory);
      PrivateFiles.syncDirectory(root);
      PrivateFiles.syncDirectory(root.resolveSibling(""));
    }
  }

  /** Lets go of a buffer. A file that cannot be deleted yet goes with its directory. */
  void release(ByteBuffer buffer) {
    Path file = files.remove(buffer);
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // The system still holds the mapping; the directory is removed, or drained as an orphan's,
        // later.
      }
    }
  }
}
