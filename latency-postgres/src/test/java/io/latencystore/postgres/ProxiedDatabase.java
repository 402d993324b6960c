package io.latencystore.postgres;

import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.RetryPolicy;
import io.latencystore.testkit.ChaosProxy;
import io.latencystore.testkit.PostgresServer;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** An empty database behind a proxy, and a directory for the spools of stores on it. */
final class ProxiedDatabase implements AutoCloseable {

  private final PostgresServer server;
  private final Path spools;
  private final String url;
  private final ChaosProxy proxy;

  ProxiedDatabase(PostgresServer server, Path spools) {
    this.server = server;
    this.spools = spools;
    this.url = server.newDatabase();
    this.proxy = ChaosProxy.to(server.host(), server.port());
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
        .user(server.user())
        .password(server.password())
        .spoolDirectory(spools)
        .appendBatch(25)
        .batch(BatchPolicy.upTo(100).or(BatchPolicy.within(Duration.ofMillis(2))))
        .retry(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(20)));
  }

  /** Opens a store past the proxy, which adopts what others left behind. */
  LatencyStore openDirectly() {
    return LatencyStore.builder(url).spoolDirectory(spools).open();
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

  @Override
  public void close() {
    proxy.close();
    server.dropDatabase(url);
  }
}
