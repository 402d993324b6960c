package io.latencystore;

import org.jspecify.annotations.Nullable;

/**
 * The store cannot do what was asked. The subclass says what to do about it; the message names the
 * database, what was wanted, what was found and a remedy, and never a password.
 */
public abstract class StoreException extends RuntimeException {

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
