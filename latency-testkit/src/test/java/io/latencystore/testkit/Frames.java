package io.latencystore.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Messages of PostgreSQL's protocol, as bytes. */
final class Frames {

  static final byte[] SYNC = frame('S', new byte[0]);
  static final byte[] READY = frame('Z', new byte[] {'I'});
  static final byte[] STARTUP = startup(196_608, "user\0me\0\0");
  static final byte[] SSL_REQUEST = startup(80_877_103, "");
  static final byte[] GSS_REQUEST = startup(80_877_104, "");

  private Frames() {}

  static byte[] frame(char type, byte[] body) {
    return header(type, body.length).put(body).array();
  }

  /** A message of this length whose body is still to come. */
  static byte[] beginning(char type, int length) {
    return ByteBuffer.allocate(5).put((byte) type).putInt(4 + length).array();
  }

  private static ByteBuffer header(char type, int length) {
    return ByteBuffer.allocate(5 + length).put(beginning(type, length));
  }

  static byte[] startup(int code, String parameters) {
    byte[] body = parameters.getBytes(UTF_8);
    return ByteBuffer.allocate(8 + body.length)
        .putInt(8 + body.length)
        .putInt(code)
        .put(body)
        .array();
  }

  static byte[] query(String sql) {
    return frame('Q', strings(sql));
  }

  static byte[] parse(String statement, String sql) {
    return frame('P', all(strings(statement, sql), new byte[2]));
  }

  static byte[] bind(String portal, String statement) {
    return frame('B', all(strings(portal, statement), new byte[6]));
  }

  static byte[] execute(String portal) {
    return frame('E', all(strings(portal), new byte[4]));
  }

  static byte[] closeStatement(String statement) {
    return frame('C', strings("S" + statement));
  }

  static byte[] complete(String tag) {
    return frame('C', strings(tag));
  }

  /** Byte strings in a row. */
  static byte[] all(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] strings(String... strings) {
    return (String.join("\0", strings) + "\0").getBytes(UTF_8);
  }
}
