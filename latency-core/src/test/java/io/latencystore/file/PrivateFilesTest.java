package io.latencystore.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateFilesTest {

  @TempDir Path folder = Path.of("");

  private void assumeModes() {
    assumeTrue(
        folder.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "this file system has no modes");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aNewFileBelongsToItsOwnerAlone() throws IOException {
    assumeModes();
    Path file = folder.resolve("new");

    boolean created = PrivateFiles.createFile(file);

    assertThat(created).isTrue();
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(file).isEmptyFile();
  }

  @Test
  void aNewDirectoryBelongsToItsOwnerAlone() throws IOException {
    assumeModes();
    Path directory = folder.resolve("new");

    PrivateFiles.createDirectory(directory);

    assertThat(mode(directory)).isEqualTo("rwx------");
  }

  @Test
  void anExistingFileIsLeftAsItIs() throws IOException {
    assumeModes();
    Path file = Files.writeString(folder.resolve("old"), "kept");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    boolean created = PrivateFiles.createFile(file);

    assertThat(created).isFalse();
    assertThat(file).hasContent("kept");
    assertThat(mode(file)).isEqualTo("rw-r--r--");
  }

  @Test
  void aLinkInTheFilesPlaceIsNotFollowed() throws IOException {
    assumeModes();
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));

    boolean created = PrivateFiles.createFile(link);

    assertThat(created).isFalse();
    assertThat(Files.exists(folder.resolve("elsewhere"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void anExistingDirectoryIsLeftAsItIs() throws IOException {
    assumeModes();
    Path directory = Files.createDirectory(folder.resolve("old"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    PrivateFiles.createDirectory(directory);

    assertThat(mode(directory)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void aFileInTheDirectorysPlaceIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> PrivateFiles.createDirectory(file))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void anInterruptedThreadSyncsADirectoryAndStaysInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    try {
      PrivateFiles.syncDirectory(folder);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aMissingParentIsNotCreated() {
    Path inside = folder.resolve("missing").resolve("inside");

    assertThatThrownBy(() -> PrivateFiles.createFile(inside))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> PrivateFiles.createDirectory(inside))
        .isInstanceOf(NoSuchFileException.class);
  }
}
