package io.latencystore.testkit;

import io.latencystore.testkit.ChaosProxy.Side;

/**
 * A kind of message of PostgreSQL's protocol, version 3, as a {@link ChaosProxy} tells them apart.
 *
 * @param from who sends it
 * @param types the type bytes of the protocol that it may have
 * @param beginning how its text begins, in any case and after any white space; empty for any text.
 *     The text of a Query or Parse is its SQL, that of a Bind or Execute the SQL that was parsed
 *     for it, that of a CommandComplete its tag; other messages have none
 */
public record PostgresMessage(Side from, String types, String beginning) {

  /** The client has a transaction committed. */
  public static final PostgresMessage COMMIT = statement("COMMIT");

  /** The server says that a transaction is committed. */
  public static final PostgresMessage COMMITTED = answer("COMMIT");

  /** A piece of what the client copies into a table. */
  public static final PostgresMessage COPY_DATA = new PostgresMessage(Side.CLIENT, "d", "");

  /** The server is ready for the next query. */
  public static final PostgresMessage READY = new PostgresMessage(Side.SERVER, "Z", "");

  /** A kind of message. */
  public PostgresMessage {
    if (types.isEmpty()) {
      throw new IllegalArgumentException("types is empty: no message would be of this kind");
    }
  }

  /**
   * The message that has a statement executed whose SQL begins so: a Query, or the Execute of what
   * was parsed and bound before, perhaps long before.
   */
  public static PostgresMessage statement(String beginning) {
    return new PostgresMessage(Side.CLIENT, "QE", beginning);
  }

  /** The CommandComplete whose tag begins so, such as {@code INSERT 0 5}. */
  public static PostgresMessage answer(String beginning) {
    return new PostgresMessage(Side.SERVER, "C", beginning);
  }

  boolean isLike(Side sender, char type, String text) {
    String stripped = text.stripLeading();
    return sender == from
        && types.indexOf(type) >= 0
        && stripped.regionMatches(true, 0, beginning, 0, beginning.length());
  }
}
