package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.latencystore.FlushResult;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.StoreListener;
import io.latencystore.StoreState;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of measurements while a server of our own refuses them in one way or another. */
@Timeout(120)
class ServerFaultsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int TERMINATED = 20;
  private static final String IN_TRANSACTION =
      " WHERE application_name = 'latency-store' AND datname = current_database()"
          + " AND backend_xid IS NOT NULL";

  private static PostgresServer server;

  @TempDir Path directory;

  private final Ledger ledger = new Ledger();
  private ProxiedDatabase database;

  @BeforeAll
  static void startServer() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  ProxiedDatabase newDatabase() {
    return new ProxiedDatabase(server, directory.resolve("spools"));
  }

  @BeforeEach
  void createDatabase() {
    database = newDatabase();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  /** Something that goes wrong, and comes right again. */
  private interface Fault {
    void run() throws Exception;
  }

  /**
   * Records before, during and after a fault.
   *
   * @param said part of what the listener hears of it
   */
  private void assertOutlived(LatencyStoreBuilder builder, String said, Fault begin, Fault end)
      throws Exception {
    List<String> causes = new CopyOnWriteArrayList<>();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void stateChanged(StoreState before, StoreState now, @Nullable Throwable cause) {
            causes.add(String.valueOf(cause));
          }
        };
    try (LatencyStore store = builder.listener(listener).open()) {
      try (Recorders recorders = Recorders.start(ledger, store, 1)) {
        recorders.awaitMore(1_000);
        long recorded;
        begin.run();
        try {
          recorders.awaitMore(10_000);
          Await.until("it spools", PATIENCE, () -> store.stats().state() == StoreState.SPOOLING);
          recorded = ledger.total();
          assertThat(store.flush(Duration.ofSeconds(5))).isEqualTo(FlushResult.SPOOLED);
          assertThat(causes).anyMatch(cause -> cause.contains(said));
        } finally {
          end.run();
        }
        long enough = recorded;
        Await.until("it goes on", PATIENCE, () -> store.stats().committed() > enough);
      }
      database.awaitAllStored(store, ledger);
    }
    try (LatencyStore store = database.openDirectly()) {
      ledger.assertStored(store, "");
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends the sessions of stores that these conditions choose; returns how many. */
  private int terminate(Statement statement, String which) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery("SELECT pg_terminate_backend(pid) FROM pg_stat_activity" + which)) {
      int terminated = 0;
      while (rows.next()) {
        terminated += rows.getBoolean(1) ? 1 : 0;
      }
      return terminated;
    }
  }

  private void terminateAll() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      terminate(
          statement, " WHERE application_name = 'latency-store' AND datname = current_database()");
    }
  }

  @Test
  void whatASessionWasStoringWhenItWasTerminatedIsStoredOnce() throws Exception {
    try (LatencyStore store = database.builder().open();
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      try (Recorders recorders = Recorders.start(ledger, store, 1)) {
        recorders.alsoLoad(store, 2);
        int[] terminated = new int[1];
        Await.until(
            "many sessions were terminated",
            PATIENCE,
            () -> {
              terminated[0] += terminate(statement, IN_TRANSACTION);
              ledger.assertPrefixStored(connection, "");
              return terminated[0] >= TERMINATED;
            });
      }
      Await.until("nothing waits", PATIENCE, () -> store.stats().pending() == 0);
      Ledger.assertBalanced(store.stats(), "");
    }
    try (LatencyStore store = database.openDirectly()) {
      ledger.assertStored(store, "");
    }
  }

  @Test
  void aServerThatIsStoppedAndStartedIsOutlived() throws Exception {
    assertOutlived(database.builder(), "cannot be reached", server::stop, server::startAgain);
  }

  @Test
  void aServerThatCrashesIsOutlived() throws Exception {
    assertOutlived(database.builder(), "cannot be reached", server::kill, server::startAgain);
  }

  @Test
  void aDatabaseThatMayOnlyBeReadForAWhileIsOutlived() throws Exception {
    String set = "ALTER DATABASE " + database.name() + " SET default_transaction_read_only = ";
    assertOutlived(
        database.builder(),
        "it may only be read now",
        () -> {
          execute(set + "on");
          terminateAll();
        },
        () -> server.execute(set + "off"));
  }

  @Test
  void aUserWithoutAConnectionLeftIsOutlived() throws Exception {
    String user = "limited_" + database.name();
    server.execute("CREATE ROLE " + user + " LOGIN PASSWORD 'p'");
    server.execute("GRANT CREATE ON DATABASE " + database.name() + " TO " + user);
    assertOutlived(
        database.builder().user(user).password("p"),
        "no connection left",
        () -> {
          execute("ALTER ROLE " + user + " CONNECTION LIMIT 0");
          terminateAll();
        },
        () -> execute("ALTER ROLE " + user + " CONNECTION LIMIT -1"));
  }

  @Test
  void commitsThatWaitForAReplicaThatIsNotThereAreStoredOnce() throws Exception {
    assertOutlived(
        database.builder(),
        "Read timed out",
        () -> {
          server.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
          server.execute("SELECT pg_reload_conf()");
        },
        () -> {
          server.execute("ALTER SYSTEM RESET synchronous_standby_names");
          server.execute("SELECT pg_reload_conf()");
        });
  }

  @Test
  void aFullDiskIsOutlived() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(mountSmall(disk), "only root can mount a small file system");
    Path filler = disk.resolve("filler");
    try {
      server.execute("CREATE TABLESPACE small LOCATION '" + directoryOfServer(disk) + "'");
      server.execute("ALTER DATABASE " + database.name() + " SET default_tablespace = small");
      assertOutlived(
          database.builder(), "disk is full", () -> fill(filler), () -> Files.delete(filler));
    } finally {
      database.close();
      server.execute("DROP TABLESPACE IF EXISTS small");
      run("umount", disk.toString());
    }
  }

  private static boolean mountSmall(Path disk) throws Exception {
    return run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString());
  }

  /** A directory that belongs to the user as whom the server runs. */
  private Path directoryOfServer(Path disk) throws Exception {
    Path tables = Files.createDirectory(disk.resolve("tables"));
    Object user = Files.getAttribute(Path.of(database.ask("SHOW data_directory")), "unix:uid");
    Files.setAttribute(tables, "unix:uid", user);
    for (Path above : List.of(directory, disk)) {
      Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwx--x--x"));
    }
    return tables;
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  private static void fill(Path filler) throws IOException {
    byte[] block = new byte[1 << 12];
    try (var out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // It is full.
    }
  }
}
