package io.latencystore.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that this process has open. */
public final class OpenFiles {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private OpenFiles() {}

  /**
   * The open files below a directory, whether they still have a name or not; none where the system
   * does not tell.
   */
  public static List<String> below(Path directory) {
    List<String> open = new ArrayList<>();
    if (!Files.isDirectory(DESCRIPTORS)) {
      return open;
    }
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      String prefix = directory.toRealPath() + "/";
      for (Path descriptor : descriptors) {
        String target = target(descriptor);
        if (target.startsWith(prefix)) {
          open.add(target);
        }
      }
    } catch (IOException e) {
      throw new AssertionError("open files below " + directory, e);
    }
    return open;
  }

  /** Where a descriptor leads; one may be closed while they are listed. */
  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
