package io.latencystore.file;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Creates files and directories that only their owner may use: mode 0600 and 0700 where there are
 * modes, an access list with the owner alone elsewhere. An existing file, or a link in its place,
 * is left as it is.
 */
public final class PrivateFiles {

  private static final FileAttribute<?> FILE_MODE = mode("rw-------");
  private static final FileAttribute<?> DIRECTORY_MODE = mode("rwx------");

  private PrivateFiles() {}

  /**
   * Creates an empty file unless something of that name exists.
   *
   * @return whether it was created
   * @throws IOException if it cannot be created
   */
  public static boolean createFile(Path file) throws IOException {
    boolean modes = hasModes(file);
    try (FileChannel channel =
        modes
            ? FileChannel.open(file, Set.of(CREATE_NEW, WRITE), FILE_MODE)
            : FileChannel.open(file, CREATE_NEW, WRITE)) {
      if (!modes) {
        allowOwnerOnly(file);
      }
      return channel.isOpen();
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /**
   * Creates a directory unless something of that name exists; its parent must exist.
   *
   * @throws IOException if it cannot be created
   */
  public static void createDirectory(Path directory) throws IOException {
    boolean modes = hasModes(directory);
    try {
      if (modes) {
        Files.createDirectory(directory, DIRECTORY_MODE);
      } else {
        Files.createDirectory(directory);
        allowOwnerOnly(directory);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  /**
   * Makes the names of the files in a directory survive a power cut, where the system lets a
   * directory be opened for that. An interrupt is put off.
   *
   * @throws IOException if the disk fails
   */
  public static void syncDirectory(Path directory) throws IOException {
    boolean interrupted = false;
    try {
      boolean synced = !hasModes(directory);
      while (!synced) {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
          channel.force(true);
          synced = true;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static FileAttribute<?> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  private static boolean hasModes(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void allowOwnerOnly(Path file) throws IOException {
    AclFileAttributeView view = Files.getFileAttributeView(file, AclFileAttributeView.class);
    if (view != null) {
      view.setAcl(
          List.of(
              AclEntry.newBuilder()
                  .setType(AclEntryType.ALLOW)
                  .setPrincipal(view.getOwner())
                  .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                  .build()));
    }
  }
}
