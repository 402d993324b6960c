package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.testkit.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever fails, the password is in no exception, log line, text of an object or thread's name.
 */
@Timeout(60)
final class PasswordTest {

  private static final String CANARY = "canary-2718281828";

  @RegisterExtension final TestDatabase database = new TestDatabase();
  @TempDir Path directory;

  private final Logger root = Logger.getLogger("");
  private final Level before = root.getLevel();
  private final Captured log = new Captured();

  /** Keeps every line, with the exception that came with it. */
  private static final class Captured extends Handler {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    Captured() {
      setFormatter(new SimpleFormatter());
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
      lines.add(getFormatter().format(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void listenToEverything() {
    root.addHandler(log);
    root.setLevel(Level.ALL);
  }

  @AfterEach
  void listenNoMore() {
    root.removeHandler(log);
    root.setLevel(before);
  }

  /** What can go wrong. */
  enum Kind {
    WRONG_PASSWORD,
    UNKNOWN_DATABASE,
    UNKNOWN_USER,
    UNKNOWN_HOST,
    NOBODY_LISTENS,
    NOT_A_DATABASE_SERVER,
    BAD_PORT,
    BAD_ESCAPE,
    REFUSED_PARAMETER,
    REPEATED_PARAMETER,
    NO_ENCRYPTION,
    NO_CERTIFICATE,
    BAD_CLIENT_KEY,
    UNKNOWN_SERVICE,
    BAD_VALUE,
    BAD_VARIABLE,
    CUT_WHILE_OPEN,
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void thePasswordAppearsNowhere(Kind kind) throws Exception {
    Throwable thrown = catchThrowable(() -> fail(kind));

    assertThat(thrown).isNotNull();
    assertThat(shown(thrown)).contains("io.latencystore").doesNotContain(CANARY);
    assertThat(log.lines).allSatisfy(line -> assertThat(line).doesNotContain(CANARY));
    assertThat(Thread.getAllStackTraces().keySet())
        .allSatisfy(thread -> assertThat(thread.getName()).doesNotContain(CANARY));
    if (kind == Kind.WRONG_PASSWORD) {
      assertThat(log.lines).anyMatch(line -> line.contains("org.postgresql"));
    }
  }

  private static String shown(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private void fail(Kind kind) throws Exception {
    PostgresServer server = database.server();
    String right = server.host() + ":" + server.port() + "/" + database.name();
    String login = "postgresql://" + server.user() + ":" + CANARY + "@";
    switch (kind) {
      case WRONG_PASSWORD -> open(login + right);
      case UNKNOWN_DATABASE -> open(login + server.host() + ":" + server.port() + "/nowhere");
      case UNKNOWN_USER -> open("postgresql://nobody:" + CANARY + "@" + right);
      case UNKNOWN_HOST -> open(login + "no-such-host.invalid/db?sslmode=disable");
      case NOBODY_LISTENS -> open(login + "127.0.0.1:1/db");
      case NOT_A_DATABASE_SERVER -> openOtherServer(login);
      case BAD_PORT -> open(login + "127.0.0.1:" + CANARY + "/db");
      case BAD_ESCAPE -> open(login + "%zz@127.0.0.1/db");
      case REFUSED_PARAMETER -> open(login + right + "?loggerFile=" + CANARY);
      case REPEATED_PARAMETER ->
          open("postgresql://" + right + "?password=" + CANARY + "&password=");
      case NO_ENCRYPTION -> open(login + right + "?sslmode=require");
      case NO_CERTIFICATE -> open(login + right + "?sslmode=verify-full&sslrootcert=/no/such/file");
      case BAD_CLIENT_KEY -> openWithBadKey(login + right);
      case UNKNOWN_SERVICE -> open(login + "?service=nowhere");
      case BAD_VALUE -> open(login + right + "?socketTimeout=" + CANARY);
      case BAD_VARIABLE ->
          LatencyStoreBuilder.fromEnv(
              Map.of("LATENCY_DATABASE_URL", login + right, "LATENCY_READERS", "none"));
      case CUT_WHILE_OPEN -> cutWhileOpen();
    }
  }

  private static void open(String url) {
    LatencyStoreBuilder builder = LatencyStore.builder(url).password(CANARY);
    assertThat(builder.options().toString()).doesNotContain(CANARY);
    try (LatencyStore store = builder.open()) {
      store.check(); // One whose server is away opens all the same.
    }
  }

  private static void openOtherServer(String login) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread other = new Thread(() -> greet(socket), "other-server");
      other.start();
      open(login + "127.0.0.1:" + socket.getLocalPort() + "/db");
    }
  }

  private static void greet(ServerSocket socket) {
    try (Socket client = socket.accept()) {
      client
          .getOutputStream()
          .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // The client has hung up.
    }
  }

  private void openWithBadKey(String url) throws IOException {
    Path key = Files.writeString(directory.resolve("client.key"), "no key");
    Path certificate = Files.writeString(directory.resolve("client.crt"), "no certificate");
    open(
        url
            + "?sslmode=require&sslpassword="
            + CANARY
            + "&sslkey="
            + key
            + "&sslcert="
            + certificate);
  }

  /** With the canary for the right password of a user of its own. */
  private void cutWhileOpen() throws Exception {
    PostgresServer server = database.server();
    String role = database.name() + "_canary";
    server.execute("CREATE ROLE " + role + " SUPERUSER LOGIN PASSWORD '" + CANARY + "'");
    log.lines.clear(); // The driver logs what the test itself has just said.
    try {
      LatencyStore store = LatencyStore.open(database.url(role + ":" + CANARY, database.name()));
      assertThat(store.toString()).doesNotContain(CANARY);
      assertThat(store.check().toString()).doesNotContain(CANARY);
      server.execute("ALTER ROLE " + role + " NOLOGIN");
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
      store.recorder("component", "command").record(Numbered.NOON, 1);
      try {
        store.flush(Duration.ofSeconds(2));
      } finally {
        assertThat(catchThrowable(() -> store.close(Duration.ofMillis(100)))).isNotNull();
      }
    } finally {
      database.execute("DROP OWNED BY " + role + " CASCADE");
      server.execute("DROP ROLE " + role);
    }
  }
}
