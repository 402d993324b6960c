package io.latencystore.postgres;

import io.latencystore.testkit.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An empty database for each test, on the server that all share. */
final class TestDatabase implements BeforeEachCallback, AfterEachCallback {

  private final PostgresServer server = PostgresServer.shared();
  private String url = "";

  @Override
  public void beforeEach(ExtensionContext context) {
    url = server.newDatabase();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    server.dropDatabase(url);
  }

  PostgresServer server() {
    return server;
  }

  String url() {
    return url;
  }

  /** Its name. */
  String name() {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  /** The URL of a database of the server, with this user and password. */
  String url(String login, String database) {
    return "postgresql://" + login + "@" + server.host() + ":" + server.port() + "/" + database;
  }

  /**
   * What tells a process of it.
   *
   * @param spools where the spools of stores lie
   * @param maintenanceInterval as ISO 8601 has it
   */
  Map<String, String> environment(Path spools, String maintenanceInterval) {
    return Map.of(
        "LATENCY_DATABASE_URL",
        "postgresql://" + server.host() + ":" + server.port() + "/" + name(),
        "LATENCY_DATABASE_USER",
        server.user(),
        "LATENCY_DATABASE_PASSWORD",
        server.password(),
        "LATENCY_SPOOL_DIRECTORY",
        spools.toString(),
        "LATENCY_MAINTENANCE_INTERVAL",
        maintenanceInterval);
  }

  /** Does something in it past the store. */
  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of what is asked past the store. */
  List<String> ask(String sql) throws SQLException {
    List<String> answers = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        answers.add(rows.getString(1));
      }
    }
    return answers;
  }

  /** A connection on whose search path the store's schema is. */
  Connection connect() throws SQLException {
    Connection connection = PostgresServer.connect(url);
    connection.setSchema("latency");
    return connection;
  }
}
