package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where the driver's native library is unpacked. */
@Timeout(60)
final class NativeLibraryTest {

  @TempDir Path temporary;
  @TempDir Path elsewhere;

  private Child start() throws Exception {
    return start("-Djava.io.tmpdir=" + temporary);
  }

  private Child start(String option) throws Exception {
    return Child.startWithOption(error(), option, "native-library", "sqlite::memory:");
  }

  private Path error() {
    return elsewhere.resolve("stderr");
  }

  private Path directoryOf(String name) throws Exception {
    Path directory = Files.createDirectory(temporary.resolve("latency-store-" + name));
    Files.createFile(directory.resolve("sqlite-unpacked.so"));
    return directory;
  }

  @Test
  void theLibraryLiesInADirectoryOfTheProcessAndGoesWithIt() throws Exception {
    try (Child child = start()) {
      child.awaitLine("org.sqlite.tmpdir=null");

      try (Stream<Path> files = Files.list(temporary)) {
        assertThat(files)
            .singleElement()
            .satisfies(
                directory ->
                    assertThat(directory.getFileName().toString())
                        .startsWith("latency-store-" + child.process().pid() + "-"));
      }
      child.go();
      child.awaitEnd();
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void whatAKilledProcessLeftIsRemovedByTheNext() throws Exception {
    try (Child killed = start()) {
      killed.awaitLine("org.sqlite.tmpdir=null");
      killed.kill();
    }
    assertThat(temporary).isNotEmptyDirectory();

    try (Child next = start()) {
      next.awaitLine("org.sqlite.tmpdir=null");
      next.go();
      next.awaitEnd();
    }

    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void whatBelongsToAProcessThatLivesOrToNoneIsLeft() throws Exception {
    Path living = directoryOf(ProcessHandle.current().pid() + "-1");
    Path nobodys = directoryOf("notes-1");
    Path file = Files.createFile(temporary.resolve("latency-store-1-file"));

    try (Child child = start()) {
      child.awaitLine("org.sqlite.tmpdir=null");
      child.go();
      child.awaitEnd();
    }

    assertThat(living).isNotEmptyDirectory();
    assertThat(nobodys).isNotEmptyDirectory();
    assertThat(file).exists();
  }

  @Test
  void aDirectoryThatTheHostChoseStaysChosen() throws Exception {
    try (Child child = start("-Dorg.sqlite.tmpdir=" + temporary)) {
      child.awaitLine("org.sqlite.tmpdir=" + temporary);
      child.go();
      child.awaitEnd();
    }
  }

  @Test
  void aTemporaryDirectoryThatIsMissingIsNamed() throws Exception {
    Path missing = temporary.resolve("missing");
    try (Child child = start("-Djava.io.tmpdir=" + missing)) {
      assertThat(child.process().waitFor()).isNotZero();
    }

    assertThat(Files.readString(error()))
        .contains("StoreUnavailableException")
        .contains(missing.toString())
        .contains("org.sqlite.tmpdir");
  }
}
