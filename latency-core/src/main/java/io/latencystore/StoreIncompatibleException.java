package io.latencystore;

import org.jspecify.annotations.Nullable;

/**
 * The database is not one this version can use: somebody else's, a newer one's, or no database at
 * all. It is not changed.
 */
public final class StoreIncompatibleException extends StoreException {

  /**
   * An exception with this message.
   *
   * @param message what was wanted, what was found, and a remedy
   * @param cause what the driver or the system said, or null
   */
  public StoreIncompatibleException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
