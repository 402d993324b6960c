package io.latencystore.bench;

import com.sun.management.OperatingSystemMXBean;
import io.latencystore.testkit.PostgresServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** Notes where results come from, without saying whose machine it is. */
public final class Machine {

  private Machine() {}

  /**
   * Writes the note.
   *
   * @param args the file to write, and the commit that was measured
   */
  public static void main(String[] args) throws IOException, SQLException {
    if (args.length != 2) {
      throw new IllegalArgumentException("usage: Machine FILE COMMIT");
    }
    Files.writeString(Path.of(args[0]), describe(args[1]));
  }

  private static String describe(String commit) throws SQLException {
    return String.format(
        Locale.ROOT,
        """
        {
          "commit": "%s",
          "cores": %d,
          "memory_bytes": %d,
          "os": "%s %s",
          "jdk": "%s %s",
          "sqlite": "%s",
          "postgresql": "%s"
        }
        """,
        commit,
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        System.getProperty("java.vm.name"),
        System.getProperty("java.runtime.version"),
        sqliteVersion(),
        postgresVersion());
  }

  /** Of the server that the run had. */
  private static String postgresVersion() throws SQLException {
    if (System.getenv(PostgresServer.VARIABLE) == null) {
      return "none";
    }
    PostgresServer server = PostgresServer.shared();
    try (Connection connection = PostgresServer.connect(server.url())) {
      return connection.getMetaData().getDatabaseProductVersion();
    }
  }

  private static String sqliteVersion() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
      return row.getString(1);
    }
  }
}
