package io.latencystore.store;

import io.latencystore.LatencyStore;
import io.latencystore.StoreOptions;
import io.latencystore.StoreProvider;
import io.latencystore.sql.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Opens stores on SQL databases, whose dialects it finds on the class path. */
public final class SqlStoreProvider implements StoreProvider {

  /** For {@link ServiceLoader}. */
  public SqlStoreProvider() {}

  @Override
  public LatencyStore open(StoreOptions options) {
    List<String> known = new ArrayList<>();
    for (Dialect dialect :
        ServiceLoader.load(Dialect.class, SqlStoreProvider.class.getClassLoader())) {
      if (dialect.accepts(options.url())) {
        return open(options, dialect);
      }
      known.add(dialect.urlForms());
    }
    String scheme = options.url().replaceAll("(?s)[/@?#].*", "");
    throw new IllegalArgumentException(
        "no dialect on the class path knows a URL that begins with \""
            + scheme
            + "\"; "
            + (known.isEmpty()
                ? "there is none: add latency-sqlite or latency-postgres, and when shading, merge service files"
                : "known are " + String.join(", ", known)));
  }

  /** Opens a store with this dialect, whatever the URL. */
  public static LatencyStore open(StoreOptions options, Dialect dialect) {
    return SqlStore.open(dialect.connect(options), options);
  }
}
