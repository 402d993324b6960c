package io.latencystore.postgres;

import io.latencystore.StoreOptions;
import io.latencystore.Text;
import io.latencystore.postgres.PostgresUrl.Host;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.jdbcurlresolver.PgServiceConfParser;

/**
 * Connections to the server that a URL names. Beyond loopback they are encrypted, and the server
 * must prove who it is, unless the URL says otherwise. Every wait has a limit.
 *
 * <p>The driver is handed no URL with a password: it would show it in messages.
 */
final class ServerConnections implements ConnectionSource {

  private static final String SSL_MODE = "sslmode";
  private static final Host LOCAL = new Host("localhost", 5432);

  /** What a connection has unless the URL says otherwise. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "ApplicationName", "latency-store",
          "connectTimeout", "10",
          "socketTimeout", "30",
          "tcpKeepAlive", "true",
          "assumeMinServerVersion", "15",
          "reWriteBatchedInserts", "true",
          // A statement's text may be in the driver's exceptions otherwise, and values beside it.
          "logServerErrorDetail", "false");

  private final String url;
  private final Properties properties;
  private final String location;
  private final Secrets secrets;
  private final boolean verifiesUnasked;

  private ServerConnections(
      String url, Properties properties, String location, boolean verifiesUnasked) {
    this.url = url;
    this.properties = properties;
    this.location = location;
    this.secrets =
        new Secrets(properties.getProperty("password"), properties.getProperty("sslpassword"));
    this.verifiesUnasked = verifiesUnasked;
  }

  /**
   * Connections to what the options name.
   *
   * @throws IllegalArgumentException if the URL is malformed or has a parameter that is not allowed
   */
  static ServerConnections of(StoreOptions options) {
    PostgresUrl parsed = PostgresUrl.parse(options.url());
    Properties service = service(parsed.parameters().remove("service"));
    Properties properties = new Properties();
    properties.putAll(DEFAULTS);
    String serviceHost = (String) service.remove("PGHOST");
    String servicePort = (String) service.remove("PGPORT");
    String serviceDatabase = (String) service.remove("PGDBNAME");
    service.stringPropertyNames().stream()
        .filter(name -> !name.equals("user") && !name.equals("password"))
        .forEach(name -> PostgresParameters.put(properties, name, service.getProperty(name)));
    parsed.parameters().forEach((name, value) -> PostgresParameters.put(properties, name, value));
    put(properties, "user", service.getProperty("user"), parsed.user(), options.user());
    put(
        properties,
        "password",
        service.getProperty("password"),
        parsed.password(),
        options.password());
    List<Host> hosts =
        !parsed.hosts().isEmpty()
            ? parsed.hosts()
            : serviceHost == null ? List.of(LOCAL) : hosts(serviceHost, servicePort);
    boolean verifiesUnasked =
        properties.getProperty(SSL_MODE) == null && !hosts.stream().allMatch(Host::isLoopback);
    properties.putIfAbsent(SSL_MODE, verifiesUnasked ? "verify-full" : "prefer");
    String database = first(parsed.database(), serviceDatabase, properties.getProperty("user"));
    if (database == null) {
      throw new IllegalArgumentException(
          "the PostgreSQL URL names no database; write postgresql://HOST/DATABASE");
    }
    String place = hosts.stream().map(Host::toString).collect(Collectors.joining(","));
    return new ServerConnections(
        "jdbc:postgresql://" + place + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8),
        properties,
        "postgresql://" + place + "/" + database,
        verifiesUnasked);
  }

  private static Properties service(@Nullable String name) {
    Properties found =
        name == null ? new Properties() : PgServiceConfParser.getServiceProperties(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "the PostgreSQL service "
              + Text.quoted(name == null ? "" : name)
              + " is in no service file; see PGSERVICEFILE and pg_service.conf");
    }
    return found;
  }

  private static List<Host> hosts(String name, @Nullable String port) {
    return PostgresUrl.parse("postgresql://" + name + (port == null ? "" : ":" + port)).hosts();
  }

  private static void put(Properties properties, String name, @Nullable String... values) {
    for (String value : values) {
      if (value != null) {
        properties.setProperty(name, value);
      }
    }
  }

  private static @Nullable String first(@Nullable String... values) {
    for (String value : values) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public Connection open() throws SQLException {
    try {
      Connection connection = new Driver().connect(url, properties);
      if (connection == null) {
        throw new SQLException("the driver does not know " + location, "08001");
      }
      return connection;
    } catch (SQLException e) {
      throw secrets.removedFrom(e);
    }
  }

  @Override
  public String remedy() {
    return verifiesUnasked
        ? ". sslmode is verify-full, since that is another machine: have the server's certificate signed by what"
            + " sslrootcert=FILE holds, or write sslmode=require into the URL to encrypt without knowing the server, or"
            + " sslmode=disable in a network you trust"
        : "";
  }
}
