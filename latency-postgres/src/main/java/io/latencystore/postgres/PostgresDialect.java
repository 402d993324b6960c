package io.latencystore.postgres;

import io.latencystore.StoreOptions;
import io.latencystore.sql.Database;
import io.latencystore.sql.Dialect;
import javax.sql.DataSource;

/**
 * PostgreSQL: {@code postgresql://USER:PASSWORD@HOST:PORT/DATABASE?PARAMETERS}, the same with
 * {@code postgres:} or {@code jdbc:postgresql:} in front, and {@code postgresql:} alone where
 * connections come from a data source of the caller's.
 */
public final class PostgresDialect implements Dialect {

  /** For {@link java.util.ServiceLoader}. */
  public PostgresDialect() {}

  @Override
  public String urlForms() {
    return "postgresql://USER:PASSWORD@HOST:PORT/DATABASE and jdbc:postgresql://HOST:PORT/DATABASE";
  }

  @Override
  public boolean accepts(String url) {
    return PostgresUrl.matches(url);
  }

  @Override
  public Database connect(StoreOptions options) {
    DataSource source = options.dataSource();
    if (source == null) {
      return new PostgresDatabase(ServerConnections.of(options), options);
    }
    if (!PostgresUrl.isBare(options.url())
        || options.user() != null
        || options.password() != null) {
      throw new IllegalArgumentException(
          "dataSource(…) says where the database is and as whom to log in; give it the URL \"postgresql:\" and neither user"
              + " nor password");
    }
    return new PostgresDatabase(new BorrowedConnections(source), options);
  }
}
