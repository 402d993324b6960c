package io.latencystore.postgres;

import io.latencystore.StoreCorruptException;
import io.latencystore.StoreException;
import io.latencystore.StoreUnavailableException;
import io.latencystore.sql.Failure;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Set;
import javax.net.ssl.SSLException;

/** What PostgreSQL's errors mean, by their SQLSTATE. */
final class PostgresErrors {

  private static final String REJECTED = "08004";
  private static final String PROTOCOL = "08P01";
  private static final String STARTING = "57P03";
  private static final String TOO_MANY_CONNECTIONS = "53300";
  private static final String DISK_FULL = "53100";
  private static final String READ_ONLY = "25006";
  private static final String NO_PERMISSION = "42501";
  private static final String WRONG_PASSWORD = "28P01";
  private static final String NOT_ALLOWED_IN = "28000";
  private static final String NO_DATABASE = "3D000";
  private static final String LOCKED = "55P03";
  private static final Set<String> STOPPED = Set.of("57P01", "57P02", STARTING, "57P05");
  private static final Set<String> NOT_OURS_ANY_MORE = Set.of("42P01", "3F000");
  private static final Set<String> DAMAGED = Set.of("XX001", "XX002");
  private static final Set<String> CLASSES_OF_BAD_DATA = Set.of("22", "23", "54");

  private PostgresErrors() {}

  private static String state(SQLException error) {
    return error.getSQLState() == null ? "" : error.getSQLState();
  }

  /** Whether somebody else's lock was in the way for longer than one waits. */
  static boolean isLockTimeout(SQLException error) {
    return state(error).equals(LOCKED);
  }

  static Failure classify(SQLException error) {
    String state = state(error);
    if (isAway(error, state)) {
      return Failure.AWAY;
    } else if (NOT_OURS_ANY_MORE.contains(state)) {
      return Failure.REPLACED;
    } else if (state.equals(DISK_FULL)) {
      return Failure.FULL;
    } else if (state.equals(READ_ONLY) || state.equals(NO_PERMISSION)) {
      return Failure.READ_ONLY;
    } else if (DAMAGED.contains(state)) {
      return Failure.CORRUPT;
    } else if (state.length() == 5 && CLASSES_OF_BAD_DATA.contains(state.substring(0, 2))) {
      return Failure.POISON;
    }
    return Failure.TRANSIENT;
  }

  /** A server that answers, only not as it should, will not come to reason by waiting. */
  private static boolean isAway(SQLException error, String state) {
    if (STOPPED.contains(state) || state.equals(TOO_MANY_CONNECTIONS)) {
      return true;
    }
    return isConnectionLost(state) && !isAboutEncryption(error);
  }

  private static boolean isConnectionLost(String state) {
    return state.startsWith("08") && !state.equals(REJECTED) && !state.equals(PROTOCOL);
  }

  private static boolean isAboutEncryption(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof SSLException
          || each instanceof GeneralSecurityException
          || String.valueOf(each.getMessage()).contains("SSL")) {
        return true;
      }
    }
    return false;
  }

  /**
   * What an error means for the user.
   *
   * @param remedyOfConnection what else a connection that is refused may be due to
   */
  static StoreException explain(
      SQLException error, String location, String wanted, String remedyOfConnection) {
    String state = state(error);
    String said = " (" + error.getMessage() + ")";
    String to = location + ": could not " + wanted + ": ";
    if (DAMAGED.contains(state)) {
      return new StoreCorruptException(
          to + "the database is damaged" + said + "; restore a backup of it", error);
    }
    String why =
        switch (state) {
          case WRONG_PASSWORD ->
              "the user or the password is wrong"
                  + said
                  + "; give them in the URL, by user(…) and password(…), or in the file that PGPASSFILE names";
          case NOT_ALLOWED_IN ->
              "the server does not let this user in"
                  + said
                  + "; see its pg_hba.conf, and sslmode in the URL"
                  + remedyOfConnection;
          case NO_DATABASE -> "there is no such database" + said + "; create it, or name another";
          case NO_PERMISSION ->
              "the user may not do that"
                  + said
                  + "; grant it CREATE on the database for the first start, and the tables of the schema from then on";
          case READ_ONLY ->
              "it may only be read now"
                  + said
                  + "; connect to the primary, or end what made it read-only";
          case TOO_MANY_CONNECTIONS ->
              "the server has no connection left"
                  + said
                  + "; raise its max_connections, or use fewer readers(…)";
          case DISK_FULL -> "the server's disk is full" + said + "; free some space";
          case STARTING -> "the server is starting or stopping" + said + "; try again in a while";
          case LOCKED -> "somebody else holds a lock" + said + "; try again when that is released";
          default -> connectionOr(error, state, said, remedyOfConnection);
        };
    return new StoreUnavailableException(to + why, error);
  }

  private static String connectionOr(
      SQLException error, String state, String said, String remedyOfConnection) {
    if (isAboutEncryption(error)) {
      return "no encrypted connection could be made" + said + reason(error) + remedyOfConnection;
    } else if (state.startsWith("08") || STOPPED.contains(state)) {
      return "the server cannot be reached"
          + said
          + reason(error)
          + "; see that it runs and that host and port are right"
          + remedyOfConnection;
    }
    return String.valueOf(error.getMessage());
  }

  /** The driver's own message often only says that something failed. */
  private static String reason(Throwable error) {
    Throwable last = error;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last == error ? "" : ", because of " + last;
  }
}
