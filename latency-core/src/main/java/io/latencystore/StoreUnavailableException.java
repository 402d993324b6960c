package io.latencystore;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be reached, opened or written right now: wait, or mend what the message
 * names.
 */
public final class StoreUnavailableException extends StoreException {

  /**
   * An exception with this message.
   *
   * @param message what was wanted, what was found, and a remedy
   * @param cause what the driver or the system said, or null
   */
  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
