package io.latencystore.sqlite;

import io.latencystore.StoreOptions;
import io.latencystore.sql.Database;
import io.latencystore.sql.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * SQLite: {@code sqlite:PATH}, {@code jdbc:sqlite:PATH}, {@code sqlite://relative}, {@code
 * sqlite:///absolute} and {@code sqlite::memory:}. A path is a path: {@code ?}, {@code #}, {@code
 * %} and {@code ;} in it mean themselves.
 */
public final class SqliteDialect implements Dialect {

  /** For {@link java.util.ServiceLoader}. */
  public SqliteDialect() {}

  @Override
  public String urlForms() {
    return "sqlite:PATH, sqlite:///ABSOLUTE/PATH, jdbc:sqlite:PATH and sqlite::memory:";
  }

  @Override
  public boolean accepts(String url) {
    return SqliteUrl.matches(url);
  }

  @Override
  public Database connect(StoreOptions options) {
    SqliteUrl url = SqliteUrl.parse(options.url());
    refuse(options.dataSource(), "dataSource(…)");
    refuse(options.schema(), "schema(…)");
    if (url.isMemory()) {
      refuse(options.spoolDirectory(), "spoolDirectory(…) of a database in memory");
    }
    return url.isMemory()
        ? new SqliteMemory()
        : new SqliteFile(SqlitePath.check(url.path()), options);
  }

  private static void refuse(@Nullable Object given, String option) {
    if (given != null) {
      throw new IllegalArgumentException(option + " means nothing to SQLite; leave it out");
    }
  }
}
