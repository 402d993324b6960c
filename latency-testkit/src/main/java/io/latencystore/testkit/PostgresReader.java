package io.latencystore.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.testkit.ChaosProxy.Side;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the messages in what one side of a connection sends.
 *
 * <pre>
 *   the client, at first:   length:4 code:4 …             again, if the code asks for encryption
 *   the server, asked so:   S, G (yes) or N (no)
 *   both, from then on:     type:1 length:4 …             the length counts itself, not the type
 * </pre>
 *
 * <p>What is not of this form, such as TLS, is handed on as it comes. For one thread.
 */
final class PostgresReader {

  /** What the readers of the two sides tell each other. */
  static final class Negotiation {
    /** The client asked for encryption, and the server has not answered yet. */
    volatile boolean asked;

    /** What follows cannot be read. */
    volatile boolean opaque;
  }

  /**
   * A message.
   *
   * @param type its type byte, or 0 if it has none
   * @param text see {@link PostgresMessage#beginning}
   * @param head its first bytes, or all
   * @param rest how many bytes more there are, to be read from the stream before the next message
   */
  record Message(char type, String text, ByteBuffer head, int rest) {

    /** One of which no more is known than its bytes. */
    static Message unread(byte... bytes) {
      return new Message('\0', "", ByteBuffer.wrap(bytes), 0);
    }
  }

  private static final int MAX_HEAD = 1 << 13;
  private static final int MAX_STARTUP = 10_000;
  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;

  private final Side from;
  private final DataInputStream in;
  private final Negotiation negotiation;
  private final Map<String, String> statements = new HashMap<>();
  private final Map<String, String> portals = new HashMap<>();
  private boolean starting;

  PostgresReader(Side from, InputStream in, Negotiation negotiation) {
    this.from = from;
    this.in = new DataInputStream(in);
    this.negotiation = negotiation;
    this.starting = from == Side.CLIENT;
  }

  /** The next message, or null if there is none. */
  @Nullable Message next() throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    if (negotiation.opaque) {
      return Message.unread(with(first, in.readNBytes(Math.min(in.available(), MAX_HEAD))));
    }
    if (from == Side.SERVER && negotiation.asked) {
      negotiation.asked = false;
      negotiation.opaque = first == 'S' || first == 'G';
      if (negotiation.opaque || first == 'N') {
        return Message.unread((byte) first);
      }
    }
    return starting ? startup(first) : message((char) first);
  }

  private Message startup(int first) throws IOException {
    byte[] more = in.readNBytes(3);
    byte[] size = with(first, more);
    int length = more.length < 3 ? 0 : ByteBuffer.wrap(size).getInt();
    if (length < 8 || length > MAX_STARTUP) {
      negotiation.opaque = true;
      return Message.unread(size);
    }
    byte[] head = ByteBuffer.allocate(length).put(size).array();
    in.readFully(head, 4, length - 4);
    int code = ByteBuffer.wrap(head).getInt(4);
    negotiation.asked = code == SSL_REQUEST || code == GSS_REQUEST;
    starting = negotiation.asked;
    return Message.unread(head);
  }

  private Message message(char type) throws IOException {
    int length = in.readInt();
    if (length < 4) {
      negotiation.opaque = true;
    }
    int body = Math.max(length - 4, 0);
    byte[] head = new byte[5 + Math.min(body, MAX_HEAD)];
    ByteBuffer.wrap(head).put((byte) type).putInt(length);
    in.readFully(head, 5, head.length - 5);
    return new Message(type, text(type, head), ByteBuffer.wrap(head), body - (head.length - 5));
  }

  private String text(char type, byte[] head) {
    if (from == Side.SERVER) {
      return type == 'C' ? string(head, 5) : "";
    }
    return switch (type) {
      case 'Q' -> string(head, 5);
      case 'P' -> parsed(string(head, 5), second(head, 5));
      case 'B' -> bound(string(head, 5), second(head, 5));
      case 'E' -> portals.getOrDefault(string(head, 5), "");
      case 'C' -> closed(head);
      default -> "";
    };
  }

  private String parsed(String statement, String sql) {
    statements.put(statement, sql);
    return sql;
  }

  private String bound(String portal, String statement) {
    String sql = statements.getOrDefault(statement, "");
    portals.put(portal, sql);
    return sql;
  }

  private String closed(byte[] head) {
    boolean statement = head.length > 5 && head[5] == 'S';
    (statement ? statements : portals).remove(string(head, 6));
    return "";
  }

  /** The string from here to the next zero byte, or to the end of what was read. */
  private static String string(byte[] bytes, int from) {
    return new String(bytes, Math.min(from, bytes.length), end(bytes, from) - from, UTF_8);
  }

  private static String second(byte[] bytes, int from) {
    return string(bytes, Math.min(end(bytes, from) + 1, bytes.length));
  }

  private static int end(byte[] bytes, int from) {
    int end = from;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return end;
  }

  private static byte[] with(int first, byte[] more) {
    return ByteBuffer.allocate(1 + more.length).put((byte) first).put(more).array();
  }
}
