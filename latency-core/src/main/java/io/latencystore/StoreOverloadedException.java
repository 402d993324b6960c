package io.latencystore;

import org.jspecify.annotations.Nullable;

/** More is asked of the store at once than it was given means for: slow down, or give it more. */
public final class StoreOverloadedException extends StoreException {

  /**
   * An exception with this message.
   *
   * @param message what was wanted, what was found, and a remedy
   * @param cause what the driver or the system said, or null
   */
  public StoreOverloadedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
