package io.latencystore.postgres;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must appear in no message: passwords. Immutable. */
final class Secrets {

  private static final String INSTEAD = "***";

  private final List<String> secrets;

  Secrets(@Nullable String... secrets) {
    this.secrets =
        Arrays.stream(secrets)
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .filter(secret -> !secret.isEmpty())
            .toList();
  }

  /** The error itself, or if any part of it has a secret in it, one that says the same without. */
  SQLException removedFrom(SQLException error) {
    return isIn(error, 0) ? copy(error) : error;
  }

  private boolean isIn(Throwable error, int depth) {
    if (depth > 20) {
      return true;
    }
    Throwable cause = error.getCause();
    return isIn(String.valueOf(error))
        || (cause != null && isIn(cause, depth + 1))
        || Arrays.stream(error.getSuppressed()).anyMatch(each -> isIn(each, depth + 1));
  }

  private boolean isIn(String text) {
    return secrets.stream().anyMatch(text::contains);
  }

  private SQLException copy(SQLException error) {
    SQLException copy =
        new SQLException(without(error.getMessage()), error.getSQLState(), error.getErrorCode());
    copy.setStackTrace(error.getStackTrace());
    return copy;
  }

  private String without(@Nullable String message) {
    String text = String.valueOf(message);
    for (String secret : secrets) {
      text = text.replace(secret, INSTEAD);
    }
    return text;
  }

  @Override
  public String toString() {
    return "Secrets[" + secrets.size() + "]";
  }
}
