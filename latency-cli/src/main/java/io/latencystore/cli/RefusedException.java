package io.latencystore.cli;

/** What the command was given to work on cannot be used; the message says what, where and why. */
final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RefusedException(String message) {
    super(message);
  }
}
