package io.latencystore.postgres;

import io.latencystore.Text;
import java.util.Map;
import java.util.TreeSet;

/**
 * The parameters that a URL may have. Others are refused by name, since some of the driver's load
 * classes, write files or weaken what protects the password.
 */
final class PostgresParameters {

  /** The driver's name of each, by the names that users may write. */
  private static final Map<String, String> ALLOWED =
      Map.ofEntries(
          Map.entry("sslmode", "sslmode"),
          Map.entry("sslrootcert", "sslrootcert"),
          Map.entry("sslcert", "sslcert"),
          Map.entry("sslkey", "sslkey"),
          Map.entry("sslpassword", "sslpassword"),
          Map.entry("sslnegotiation", "sslNegotiation"),
          Map.entry("channelBinding", "channelBinding"),
          Map.entry("channel_binding", "channelBinding"),
          Map.entry("requireAuth", "requireAuth"),
          Map.entry("require_auth", "requireAuth"),
          Map.entry("connectTimeout", "connectTimeout"),
          Map.entry("connect_timeout", "connectTimeout"),
          Map.entry("socketTimeout", "socketTimeout"),
          Map.entry("targetServerType", "targetServerType"),
          Map.entry("prepareThreshold", "prepareThreshold"),
          Map.entry("ApplicationName", "ApplicationName"),
          Map.entry("application_name", "ApplicationName"));

  private PostgresParameters() {}

  /**
   * How the driver calls a parameter.
   *
   * @throws IllegalArgumentException if it is not allowed
   */
  static String driverName(String parameter) {
    String name = ALLOWED.get(parameter);
    if (name == null) {
      throw new IllegalArgumentException(
          "the parameter "
              + Text.quoted(parameter)
              + " is not allowed in a PostgreSQL URL; allowed are service, "
              + String.join(", ", new TreeSet<>(ALLOWED.keySet()))
              + ". For anything else give the store a dataSource(…)");
    }
    return name;
  }
}
