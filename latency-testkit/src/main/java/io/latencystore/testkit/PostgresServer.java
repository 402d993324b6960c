package io.latencystore.testkit;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server for tests: one that is started here from the programs on the class path, or
 * the one that the environment variable {@value #VARIABLE} names, whose user must be allowed to
 * create databases. The driver must be on the class path. Safe for use by any thread.
 */
public final class PostgresServer implements AutoCloseable {

  /** Names a server to be used instead of one of our own. */
  public static final String VARIABLE = "LATENCY_TEST_POSTGRES_URL";

  /**
   * What a server of our own has unless a test says otherwise: nothing it holds is worth a sync.
   */
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "max_connections=200",
          "fsync=off",
          "full_page_writes=off");

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private static @Nullable PostgresServer shared;

  private final @Nullable PostgresProcess process;
  private final List<String> settings;
  private final URI url;

  private PostgresServer(@Nullable PostgresProcess process, List<String> settings, URI url) {
    this.process = process;
    this.settings = settings;
    this.url = url;
  }

  /**
   * The server that all tests of this JVM share; runs until that ends.
   *
   * @throws IllegalStateException if there is none and none can be started; the message says why
   */
  public static synchronized PostgresServer shared() {
    if (shared == null) {
      String named = System.getenv(VARIABLE);
      shared = named == null ? start() : at(named);
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "stop-postgres"));
    }
    return shared;
  }

  /**
   * Starts a server of our own.
   *
   * @param settings of its configuration, such as {@code fsync=on}
   * @throws IllegalStateException if that fails; the message says why
   */
  public static PostgresServer start(String... settings) {
    byte[] random = new byte[12];
    new SecureRandom().nextBytes(random);
    String password = new java.math.BigInteger(1, random).toString(36);
    try {
      PostgresProcess process = new PostgresProcess(password);
      List<String> all = Stream.concat(SETTINGS.stream(), Arrays.stream(settings)).toList();
      PostgresServer server =
          new PostgresServer(
              process,
              all,
              URI.create(
                  "postgresql://postgres:"
                      + password
                      + "@127.0.0.1:"
                      + process.port()
                      + "/postgres"));
      server.startAgain();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("no PostgreSQL server: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A server that runs already; its user must be allowed to create databases. */
  public static PostgresServer at(String url) {
    return new PostgresServer(null, List.of(), URI.create(url));
  }

  /** Starts it after it was stopped or killed, on the same port with the same data. */
  public void startAgain() {
    own(
        own -> {
          own.start(settings);
          awaitReady(own);
        });
  }

  private void awaitReady(PostgresProcess own) throws Exception {
    SQLException[] last = new SQLException[1];
    try {
      Await.until("PostgreSQL is ready", PATIENCE, () -> isReady(last));
    } catch (AssertionError e) {
      throw own.failed("the server did not start (" + last[0] + ")");
    }
  }

  private boolean isReady(@Nullable SQLException[] last) {
    try (Connection connection = connect(url)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      last[0] = e;
      return false;
    }
  }

  /** Ends it as an administrator does: what is connected is cut off. */
  public void stop() {
    own(PostgresProcess::stop);
  }

  /** Ends it as a crash does. */
  public void kill() {
    own(PostgresProcess::kill);
  }

  private interface OnProcess {
    void run(PostgresProcess process) throws Exception;
  }

  private void own(OnProcess work) {
    if (process == null) {
      throw new IllegalStateException("the server that " + VARIABLE + " names is not ours to stop");
    }
    try {
      work.run(process);
    } catch (Exception e) {
      throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
    }
  }

  /** The URL of the database that administrators use, which has a name and password in it. */
  public String url() {
    return url.toString();
  }

  /** The host, for a proxy or a message. */
  public String host() {
    return url.getHost();
  }

  /** The port. */
  public int port() {
    return url.getPort() < 0 ? 5432 : url.getPort();
  }

  /** The user that {@link #newDatabase} puts into its URLs. */
  public String user() {
    return login(url)[0];
  }

  /** The password that {@link #newDatabase} puts into its URLs, or an empty text. */
  public String password() {
    String[] login = login(url);
    return login.length > 1 ? login[1] : "";
  }

  private static String[] login(URI url) {
    return String.valueOf(url.getUserInfo()).split(":", 2);
  }

  /** Creates an empty database; returns its URL, which has a name and password in it. */
  public String newDatabase() {
    String name =
        "latency_test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    execute("CREATE DATABASE " + name + " ENCODING 'UTF8' TEMPLATE template0");
    return url.getScheme() + "://" + url.getRawAuthority() + "/" + name;
  }

  /** Drops a database that {@link #newDatabase} created, whoever is connected to it. */
  public void dropDatabase(String database) {
    execute("DROP DATABASE IF EXISTS " + name(database) + " WITH (FORCE)");
  }

  /**
   * Empties a database that {@link #newDatabase} created, whoever is connected to it: takes a third
   * of the time that another database takes. Its settings stay.
   */
  public void emptyDatabase(String database) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
      statement.execute(
          "DO $$ DECLARE name text; BEGIN FOR name IN SELECT quote_ident(nspname) FROM pg_namespace"
              + " WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')"
              + " LOOP EXECUTE 'DROP SCHEMA ' || name || ' CASCADE'; END LOOP; END $$");
      statement.execute("DROP SCHEMA public CASCADE");
      statement.execute("CREATE SCHEMA public");
    } catch (SQLException e) {
      throw new IllegalStateException("emptying " + name(database), e);
    }
  }

  private static String name(String database) {
    return URI.create(database).getPath().substring(1);
  }

  /** Does something in the database that administrators use. */
  public void execute(String sql) {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** What stores have open of a database: one line for each connection. */
  public List<String> connections(String database) {
    List<String> open = new ArrayList<>();
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT pid, state, query FROM pg_stat_activity WHERE application_name = 'latency-store' AND datname = '"
                    + name(database)
                    + "'")) {
      while (rows.next()) {
        open.add(rows.getString(1) + " " + rows.getString(2) + ": " + rows.getString(3));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("listing connections", e);
    }
    return open;
  }

  /**
   * A connection to a database whose URL {@link #newDatabase} returned, for a look behind the
   * store.
   */
  public static Connection connect(String database) throws SQLException {
    return connect(URI.create(database));
  }

  private static Connection connect(URI url) throws SQLException {
    String[] user = login(url);
    Properties properties = new Properties();
    properties.setProperty("user", user[0]);
    if (user.length > 1) {
      properties.setProperty("password", user[1]);
    }
    properties.setProperty("connectTimeout", "10");
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return DriverManager.getConnection(
        "jdbc:postgresql://" + url.getHost() + port + url.getPath(), properties);
  }

  @Override
  public void close() {
    try {
      if (process != null) {
        process.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException("PostgreSQL: " + e.getMessage(), e);
    }
  }
}
