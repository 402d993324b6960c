package io.latencystore.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.block.TimeOrdered;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows on their way into {@code latency_event} in the binary format of COPY, through a buffer that
 * is sent whenever it is full.
 *
 * <pre>
 * signature, flags:int32 = 0, length of extension:int32 = 0
 * (columns:int16 = 5
 *    8:int32 ts:int64    8:int32 latency_us:int64    8:int32 series_id:int64    1:int32 success:int8
 *    (bytes:int32 metadata | -1:int32))*
 * -1:int16
 * </pre>
 */
final class CopyRows {

  /** A COPY costs the server about as much by itself as so many rows of an INSERT. */
  private static final int FEWEST = 100;

  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final short COLUMNS = 5;
  private static final int BYTES_A_ROW =
      Short.BYTES + 3 * (Integer.BYTES + Long.BYTES) + Integer.BYTES + 1 + Integer.BYTES;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final CopyIn copy;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  private CopyRows(CopyIn copy) {
    this.copy = copy;
  }

  /**
   * Copies rows in the connection's transaction.
   *
   * @return whether it did: it does not if they are few, or the connection is not the driver's own
   */
  static boolean run(Connection connection, TimeOrdered rows) throws SQLException {
    if (rows.size() < FEWEST || !connection.isWrapperFor(PGConnection.class)) {
      return false;
    }
    CopyIn copy = PostgresStatements.copyRows(connection.unwrap(PGConnection.class));
    try {
      new CopyRows(copy).write(rows);
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
    return true;
  }

  private void write(TimeOrdered rows) throws SQLException {
    buffer.put(HEADER);
    for (int i = 0; i < rows.size(); i++) {
      makeRoom(BYTES_A_ROW);
      buffer
          .putShort(COLUMNS)
          .putInt(Long.BYTES)
          .putLong(rows.timestampMicros(i))
          .putInt(Long.BYTES)
          .putLong(rows.latencyMicros(i))
          .putInt(Long.BYTES)
          .putLong(rows.seriesId(i))
          .putInt(1)
          .put((byte) (rows.success(i) ? 1 : 0));
      String metadata = rows.metadata(i);
      if (metadata == null) {
        buffer.putInt(-1);
      } else {
        byte[] text = metadata.getBytes(UTF_8);
        makeRoom(Integer.BYTES + text.length);
        buffer.putInt(text.length).put(text);
      }
    }
    makeRoom(Short.BYTES);
    buffer.putShort((short) -1);
    send();
    copy.endCopy();
  }

  private void makeRoom(int bytes) throws SQLException {
    if (buffer.remaining() < bytes) {
      send();
    }
  }

  private void send() throws SQLException {
    copy.writeToCopy(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
