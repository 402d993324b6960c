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
   * Looks at the database the options name. Creates and changes nothing in it yet.
   *
   * @throws IllegalArgumentException if the URL is malformed or has a parameter that is not allowed
   * @throws io.latencystore.StoreUnavailableException if it cannot be opened; the message says why
   *     and what to do
   * @throws io.latencystore.StoreIncompatibleException if it is not ours to use
   */
  Database connect(StoreOptions options);
}
