package io.latencystore.postgres;

import io.latencystore.Text;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The parameters that a URL may have. Others are refused by name, since some of the driver's load
 * classes, write files or weaken what protects the password.
 */
final class PostgresParameters {

  private static final String ANY = ".*";
  private static final String SECONDS = "[1-9]\\d{0,4}";

  /** How the driver calls a parameter, and what its values look like. */
  private record Parameter(String driverName, String values) {}

  private static final Map<String, Parameter> ALLOWED = new TreeMap<>();

  static {
    allow("disable|allow|prefer|require|verify-ca|verify-full", "sslmode");
    allow(ANY, "sslrootcert");
    allow(ANY, "sslcert");
    allow(ANY, "sslkey");
    allow(ANY, "sslpassword");
    allow("postgres|direct", "sslNegotiation", "sslnegotiation");
    allow("disable|prefer|require", "channelBinding", "channel_binding");
    allow("[a-z0-9_!,-]+", "requireAuth", "require_auth");
    allow(SECONDS, "connectTimeout", "connect_timeout");
    allow(SECONDS, "socketTimeout");
    allow("any|primary|secondary|preferPrimary|preferSecondary", "targetServerType");
    allow("-?\\d{1,6}", "prepareThreshold");
    allow(ANY, "ApplicationName", "application_name");
  }

  private PostgresParameters() {}

  private static void allow(String values, String driverName, String... aliases) {
    Parameter parameter = new Parameter(driverName, values);
    ALLOWED.put(driverName, parameter);
    for (String alias : aliases) {
      ALLOWED.put(alias, parameter);
    }
  }

  /**
   * Sets a property of the driver. What is refused is not shown: it may be a secret that stands in
   * the wrong place.
   *
   * @throws IllegalArgumentException if the parameter is not allowed, or its value is none of its
   *     own
   */
  static void put(Properties properties, String name, String value) {
    Parameter parameter = ALLOWED.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "the parameter "
              + Text.quoted(name)
              + " is not allowed in a PostgreSQL URL; allowed are service, "
              + String.join(", ", new TreeSet<>(ALLOWED.keySet()))
              + ". For anything else give the store a dataSource(…)");
    }
    if (!value.matches(parameter.values)) {
      throw new IllegalArgumentException(
          "the parameter "
              + name
              + " of the PostgreSQL URL has a value that it cannot have; it takes "
              + parameter.values.replace("|", ", ").replace(SECONDS, "seconds, from 1 to 99999"));
    }
    properties.setProperty(parameter.driverName, value);
  }
}
