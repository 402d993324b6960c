package io.latencystore;

/** The way from the API to the engine: found by {@link java.util.ServiceLoader}. Not for users. */
public interface StoreProvider {

  /** Opens a store. See {@link LatencyStore#open}. */
  LatencyStore open(StoreOptions options);
}
