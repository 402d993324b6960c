package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.FlushResult;
import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.StoreLayout;
import io.latencystore.StoreState;
import io.latencystore.StoreUnavailableException;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.RetryPolicy;
import io.latencystore.testkit.Await;
import io.latencystore.testkit.ChaosProxy;
import io.latencystore.testkit.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;

/** An empty database behind a proxy, and a directory for the spools of stores on it. */
final class ProxiedDatabase implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PostgresServer server;
  private final Path spools;
  private final String url;
  private final ChaosProxy proxy;
  private StoreLayout layout = StoreLayout.BLOCKS;

  ProxiedDatabase(PostgresServer server, Path spools) {
    this.server = server;
    this.spools = spools;
    this.url = server.newDatabase();
    this.proxy = ChaosProxy.to(server.host(), server.port());
  }

  /** Has every store lay out rows. */
  ProxiedDatabase withRows() {
    layout = StoreLayout.ROWS;
    return this;
  }

  ChaosProxy proxy() {
    return proxy;
  }

  String name() {
    return URI.create(url).getPath().substring(1);
  }

  /** For a store behind the proxy that writes soon, retries soon, and waits a second at most. */
  LatencyStoreBuilder builder() {
    return patientBuilder("connectTimeout=1&socketTimeout=1");
  }

  /** The same with these parameters alone, so that it waits as long as is usual. */
  LatencyStoreBuilder patientBuilder(String parameters) {
    String url = "postgresql://127.0.0.1:" + proxy.port() + "/" + name() + "?sslmode=disable&";
    return LatencyStore.builder(url + parameters)
        .layout(layout)
        .user(server.user())
        .password(server.password())
        .spoolDirectory(spools)
        .appendBatch(25)
        .batch(BatchPolicy.upTo(100).or(BatchPolicy.within(Duration.ofMillis(2))))
        .retry(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(20)));
  }

  /** Opens a store past the proxy, which adopts what others left behind. */
  LatencyStore openDirectly() {
    return LatencyStore.builder(url).layout(layout).spoolDirectory(spools).open();
  }

  /** A connection past the proxy and the store. */
  Connection connect() throws SQLException {
    return PostgresServer.connect(url);
  }

  /** The one answer to a question that is asked past the store. */
  String ask(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Waits for everything to be stored; meanwhile the first of each component are. */
  void awaitAllStored(LatencyStore store, Ledger ledger) throws Exception {
    try (Connection past = connect()) {
      Await.until(
          "nothing waits",
          PATIENCE,
          () -> {
            ledger.assertPrefixStored(past, "while it catches up");
            return store.stats().pending() == 0;
          });
    }
    assertThat(store.flush()).isEqualTo(FlushResult.STORED);
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    assertThat(store.stats().totalDropped()).isZero();
    Ledger.assertBalanced(store.stats(), "");
    Await.until("it answers", PATIENCE, () -> answers(store));
    ledger.assertStored(store, "");
  }

  /** The first question that meets a broken connection fails. */
  private static boolean answers(LatencyStore store) {
    try {
      return store.check() != null;
    } catch (StoreUnavailableException e) {
      return false;
    }
  }

  void assertNoSpoolIsLeft() throws IOException {
    if (Files.exists(spools)) {
      try (Stream<Path> left = Files.list(spools)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Override
  public void close() {
    proxy.close();
    server.dropDatabase(url);
  }
}
