package io.latencystore;

import org.jspecify.annotations.Nullable;

/** Stored data is damaged. It is left as it is, and no answer is made from it. */
public final class StoreCorruptException extends StoreException {

  /**
   * An exception with this message.
   *
   * @param message what was wanted, what was found, and a remedy
   * @param cause what the driver or the system said, or null
   */
  public StoreCorruptException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
