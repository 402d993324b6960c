package io.latencystore.layout;

import java.util.function.Function;

/** How to get at the database of a store. Safe for use by any thread. */
public interface DatabaseAccess {

  /** Does something with the database; once more if another one was found in its place. */
  <T> T apply(Function<Startup.Opened, T> work);
}
