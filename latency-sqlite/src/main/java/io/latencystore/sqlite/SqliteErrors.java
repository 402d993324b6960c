package io.latencystore.sqlite;

import io.latencystore.StoreCorruptException;
import io.latencystore.StoreException;
import io.latencystore.StoreIncompatibleException;
import io.latencystore.StoreUnavailableException;
import io.latencystore.sql.Failure;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** What SQLite's errors mean for the user. */
final class SqliteErrors {

  private static final int PRIMARY = 0xff;

  private SqliteErrors() {}

  static SQLiteErrorCode code(SQLException error) {
    return SQLiteErrorCode.getErrorCode(error.getErrorCode() & PRIMARY);
  }

  /** The file that a connection is on is not the one of that name any more. */
  static final class ReplacedException extends SQLException {
    private static final long serialVersionUID = 1;

    ReplacedException(String message) {
      super(message);
    }
  }

  static Failure classify(SQLException error) {
    if (error instanceof ReplacedException) {
      return Failure.REPLACED;
    }
    return switch (code(error)) {
      case SQLITE_BUSY, SQLITE_LOCKED -> Failure.BUSY;
      case SQLITE_FULL -> Failure.FULL;
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH -> Failure.READ_ONLY;
      case SQLITE_CORRUPT, SQLITE_NOTADB -> Failure.CORRUPT;
      case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_RANGE -> Failure.POISON;
      default -> Failure.TRANSIENT;
    };
  }

  static StoreException explain(SQLException error, String location, String wanted) {
    String to = location + ": could not " + wanted + ": ";
    return switch (code(error)) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
          unavailable(
              error, to + "another process holds the database's lock; try again when it is done");
      case SQLITE_FULL -> unavailable(error, to + "the disk is full; free some space");
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
          unavailable(
              error,
              to + "it may only be read; give this user the right to write it and its directory");
      case SQLITE_CANTOPEN ->
          unavailable(
              error,
              to
                  + "it cannot be opened; see that its directory exists and that this user may write there");
      case SQLITE_NOTADB -> notADatabase(error, location);
      case SQLITE_CORRUPT ->
          new StoreCorruptException(
              to
                  + "the database file is damaged ("
                  + error.getMessage()
                  + "); restore a backup of it",
              error);
      case SQLITE_IOERR, SQLITE_NOMEM, SQLITE_PROTOCOL ->
          unavailable(error, to + "the system failed (" + error.getMessage() + "); see its log");
      default -> unavailable(error, to + error.getMessage());
    };
  }

  static StoreIncompatibleException notADatabase(@Nullable SQLException error, String location) {
    return new StoreIncompatibleException(
        location + " is not an SQLite database, and was not changed; name another file", error);
  }

  private static StoreException unavailable(SQLException error, String message) {
    return new StoreUnavailableException(message, error);
  }
}
