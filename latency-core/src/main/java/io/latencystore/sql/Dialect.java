package io.latencystore.sql;

import io.latencystore.StoreOptions;

/**
 * A kind of database. Found by {@link java.util.ServiceLoader}, so it has a public constructor
 * without parameters. Immutable.
 */
public interface Dialect {

  /** The URLs this dialect knows, for the message to somebody whose URL no dialect knows. */
  String urlForms();

  /** Whether the URL is of this dialect's form. */
  boolean accepts(String url);

  /**
   * The database that the options name. Does not reach for it yet: quick, even where that is slow.
   *
   * @throws IllegalArgumentException if the URL is malformed or has a parameter that is not allowed
   * @throws io.latencystore.StoreUnavailableException if it is clear at once that it cannot be
   *     opened
   */
  Database connect(StoreOptions options);
}
