package io.latencystore.postgres;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a URL says. Its messages hold nothing of what stands before the host, nor of the value of a
 * parameter: that may be a password.
 *
 * @param hosts each with its port
 * @param database the database, or null if the URL names none
 * @param user the user, or null
 * @param password the password, or null
 * @param parameters by name
 */
record PostgresUrl(
    List<Host> hosts,
    @Nullable String database,
    @Nullable String user,
    @Nullable String password,
    Map<String, String> parameters) {

  private static final Pattern SCHEME = Pattern.compile("(?:jdbc:)?(?:postgresql|postgres):");

  /** Nothing that would mean something to the driver, which is handed a URL with the host in it. */
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[\\p{L}\\p{N}._-]+)(?::(\\d{1,5}))?");

  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final int DEFAULT_PORT = 5432;

  /** A host, without brackets around an address, and its port. */
  record Host(String name, int port) {

    boolean isLoopback() {
      return name.equals("localhost")
          || name.matches("127(?:\\.\\d{1,3}){3}")
          || name.equals("::1");
    }

    @Override
    public String toString() {
      String shown = name.contains(":") ? "[" + name + "]" : name;
      return port == DEFAULT_PORT ? shown : shown + ":" + port;
    }
  }

  static boolean matches(String url) {
    return SCHEME.matcher(url).lookingAt();
  }

  /** Whether the URL only says that the database is a PostgreSQL one. */
  static boolean isBare(String url) {
    return SCHEME.matcher(url).matches();
  }

  /**
   * Takes a URL apart.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  static PostgresUrl parse(String url) {
    Matcher scheme = SCHEME.matcher(url);
    if (!scheme.lookingAt() || !url.startsWith("//", scheme.end())) {
      throw malformed("it must begin with postgresql://");
    }
    String rest = url.substring(scheme.end() + 2);
    if (rest.indexOf('#') >= 0) {
      throw malformed("write %23 for a # in it");
    }
    int query = rest.indexOf('?');
    String place = query < 0 ? rest : rest.substring(0, query);
    int slash = place.indexOf('/');
    String authority = slash < 0 ? place : place.substring(0, slash);
    String path = slash < 0 ? "" : place.substring(slash + 1);
    if (path.indexOf('/') >= 0) {
      throw malformed("write %2F for a / in a password or a name");
    }
    int at = authority.lastIndexOf('@');
    String login = at < 0 ? "" : authority.substring(0, at);
    int colon = login.indexOf(':');
    Map<String, String> parameters = parameters(query < 0 ? "" : rest.substring(query + 1));
    String user = orNull(decoded(colon < 0 ? login : login.substring(0, colon)));
    String password = colon < 0 ? null : decoded(login.substring(colon + 1));
    String userParameter = parameters.remove("user");
    String passwordParameter = parameters.remove("password");
    return new PostgresUrl(
        hosts(authority.substring(at + 1)),
        orNull(decoded(path)),
        user == null ? userParameter : user,
        password == null ? passwordParameter : password,
        parameters);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static List<Host> hosts(String text) {
    List<Host> hosts = new ArrayList<>();
    if (text.isEmpty()) {
      return hosts;
    }
    for (String each : text.split(",", -1)) {
      Matcher host = HOST.matcher(each);
      if (!host.matches()) {
        throw malformed(
            "a host is NAME, NAME:PORT or [ADDRESS]:PORT; write %40 for an @ in a password");
      }
      String name = host.group(1);
      String port = host.group(2);
      int number = port == null ? DEFAULT_PORT : Integer.parseInt(port);
      if (number < 1 || number > 65_535) {
        throw malformed("a port is from 1 to 65535");
      }
      hosts.add(
          new Host(name.startsWith("[") ? name.substring(1, name.length() - 1) : name, number));
    }
    return hosts;
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String each : query.split("&", -1)) {
      if (!each.isEmpty()) {
        int equals = each.indexOf('=');
        if (equals < 1) {
          throw malformed("a parameter is NAME=VALUE; write %26 for an & in a value");
        }
        String name = decoded(each.substring(0, equals));
        if (parameters.put(name, decoded(each.substring(equals + 1))) != null) {
          throw malformed("a parameter is there twice");
        }
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    if (BAD_ESCAPE.matcher(text).find()) {
      throw malformed("write %25 for a % in it");
    }
    String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    if (decoded.indexOf('\0') >= 0) {
      throw malformed("it has a NUL in it");
    }
    return decoded;
  }

  private static IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException(
        "the PostgreSQL URL is malformed: "
            + why
            + "; it has the form postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…");
  }

  /** Everything but the password and the parameters. */
  @Override
  public String toString() {
    return "PostgresUrl[hosts=" + hosts + ", database=" + database + ", user=" + user + "]";
  }
}
