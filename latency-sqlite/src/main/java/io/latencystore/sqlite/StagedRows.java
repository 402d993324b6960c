package io.latencystore.sqlite;

import io.latencystore.block.TimeOrdered;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * Rows on their way into {@code latency_event} by an image of a database that holds them.
 *
 * <ol>
 *   <li>In the transaction, when nobody else can take the next ids, the image is built.
 *   <li>It is attached to the connection, as a database in memory, and its rows are inserted.
 *       Between tables with the same columns and indexes SQLite copies what is stored, without
 *       looking into it; were they not the same, it would insert row by row.
 *   <li>It is detached when the transaction is over, since not before it may be.
 * </ol>
 *
 * <p>For whoever holds the connection that writes.
 */
final class StagedRows {

  /** An image costs about as much by itself as so many rows of a statement. */
  private static final int FEWEST = 1_000;

  /** How large an image may become; with so few pages every tree has one root and leaves. */
  private static final long MOST_BYTES = 64L << 20;

  /** The most that a row takes in both trees, and that each character of its metadata adds. */
  private static final int BYTES_A_ROW = 96;

  private static final int BYTES_A_CHAR = 3;

  /** How large an image is kept to be filled again; a batch by default needs half of it. */
  private static final int KEPT_BYTES = 8 << 20;

  private @Nullable RowImage image;
  private @Nullable SQLiteConnection attachedTo;

  /**
   * Inserts rows in the connection's transaction.
   *
   * @return whether it did: it does not if they are few, or too many for memory, or the database
   *     has another encoding or ids beyond those of an image, or the connection is not the driver's
   */
  synchronized boolean insert(Connection connection, TimeOrdered rows) throws SQLException {
    if (rows.size() < FEWEST
        || mostBytes(rows) > MOST_BYTES
        || !connection.isWrapperFor(SQLiteConnection.class)) {
      return false;
    }
    SQLiteConnection target = connection.unwrap(SQLiteConnection.class);
    long lastId = SqliteStatements.lastEventId(target);
    if (lastId < 0
        || lastId > RowImage.GREATEST_ID - rows.size()
        || !SqliteStatements.isUtf8(target)) {
      return false;
    }
    byte[] bytes = image().of(rows, lastId + 1);
    if (bytes.length > KEPT_BYTES) {
      image = null;
    }
    SqliteStatements.attach(target, bytes);
    attachedTo = target;
    SqliteStatements.insertAttachedEvents(target);
    return true;
  }

  private static long mostBytes(TimeOrdered rows) {
    long bytes = 0;
    for (int i = 0; i < rows.size(); i++) {
      String metadata = rows.metadata(i);
      bytes += BYTES_A_ROW + (metadata == null ? 0 : (long) BYTES_A_CHAR * metadata.length());
    }
    return bytes;
  }

  private RowImage image() throws SQLException {
    RowImage made = image;
    if (made == null) {
      try (SQLiteConnection memory = SqliteMemory.connect()) {
        SqliteStatements.createEvents(memory, ImagePages.PAGE);
        made = new RowImage(memory.serialize("main"));
      }
      image = made;
    }
    return made;
  }

  /** Called once the connection's transaction is over. */
  synchronized void release(Connection connection) throws SQLException {
    SQLiteConnection attached = attachedTo;
    if (attached != null && attached.equals(connection.unwrap(SQLiteConnection.class))) {
      attachedTo = null;
      SqliteStatements.detach(attached);
    }
  }
}
