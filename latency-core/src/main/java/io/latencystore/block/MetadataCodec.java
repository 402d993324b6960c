package io.latencystore.block;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The format of the metadata that lies beside a block.
 *
 * <pre>
 * metadata = crc32c:u32 little-endian, over the block's checksum and the rest    length:varint    deflated (zlib) text of that length
 * text     = (skipped:varint bytes:varint utf8)*        how many measurements before this one have none, then its text
 * </pre>
 */
final class MetadataCodec {

  /**
   * The most a block's metadata may take before it is deflated, unless a single measurement's takes
   * more.
   */
  static final int MAX_BYTES = 256 * 1024;

  private static final int CRC_BYTES = 4;
  private static final int MOST_BYTES_A_TEXT = 16 * 1024 + 2 * Varint.MAX_BYTES;

  private MetadataCodec() {}

  /** What one measurement's metadata takes at most, in bytes. */
  static int bytes(@Nullable String text) {
    return text == null ? 0 : text.length() * 3 + 2 * Varint.MAX_BYTES;
  }

  static byte @Nullable [] encode(Columns columns, int from, int to, int blockCrc) {
    if (!columns.hasMetadata()) {
      return null;
    }
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] number = new byte[Varint.MAX_BYTES];
    int skipped = 0;
    for (int i = from; i < to; i++) {
      String text = columns.metadata(i);
      if (text == null) {
        skipped++;
      } else {
        byte[] utf8 = text.getBytes(UTF_8);
        plain.write(number, 0, Varint.write(number, 0, skipped));
        plain.write(number, 0, Varint.write(number, 0, utf8.length));
        plain.write(utf8, 0, utf8.length);
        skipped = 0;
      }
    }
    return plain.size() == 0 ? null : deflate(plain.toByteArray(), blockCrc);
  }

  private static byte[] deflate(byte[] plain, int blockCrc) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] chunk = new byte[4096];
    out.write(chunk, 0, CRC_BYTES);
    out.write(chunk, 0, Varint.write(chunk, 0, plain.length));
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(plain);
      deflater.finish();
      while (!deflater.finished()) {
        out.write(chunk, 0, deflater.deflate(chunk));
      }
    } finally {
      deflater.end();
    }
    byte[] encoded = out.toByteArray();
    int crc = crc(encoded, blockCrc);
    for (int i = 0; i < CRC_BYTES; i++) {
      encoded[i] = (byte) (crc >>> (Byte.SIZE * i));
    }
    return encoded;
  }

  /** Sets the metadata of the measurements in the columns. */
  static void decode(byte[] encoded, Columns columns, int blockCrc) {
    byte[] plain = inflate(encoded, blockCrc);
    int at = 0;
    long index = -1;
    while (at < plain.length) {
      long skipped = Varint.read(plain, at, plain.length);
      at += Varint.length(skipped);
      long length = Varint.read(plain, at, plain.length);
      at += Varint.length(length);
      if (skipped >= columns.size() || length > plain.length - at) {
        throw PackedColumn.corrupt("metadata beyond its end");
      }
      index += skipped + 1;
      if (index >= columns.size()) {
        throw PackedColumn.corrupt("metadata of a measurement that is not there");
      }
      try {
        columns.setMetadata(
            (int) index,
            UTF_8.newDecoder().decode(ByteBuffer.wrap(plain, at, (int) length)).toString());
      } catch (CharacterCodingException e) {
        throw PackedColumn.corrupt("metadata is no UTF-8");
      }
      at += (int) length;
    }
  }

  private static byte[] inflate(byte[] encoded, int blockCrc) {
    int crc = 0;
    for (int i = 0; i < CRC_BYTES && i < encoded.length; i++) {
      crc |= (encoded[i] & 0xff) << (Byte.SIZE * i);
    }
    if (encoded.length <= CRC_BYTES || crc != crc(encoded, blockCrc)) {
      throw PackedColumn.corrupt("metadata does not match its checksum");
    }
    long length = Varint.read(encoded, CRC_BYTES, encoded.length);
    if (length > MAX_BYTES + MOST_BYTES_A_TEXT) {
      throw PackedColumn.corrupt("metadata of " + length + " bytes");
    }
    int at = CRC_BYTES + Varint.length(length);
    byte[] plain = new byte[(int) length];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(encoded, at, encoded.length - at);
      int read = 0;
      while (read < plain.length) {
        int more = inflater.inflate(plain, read, plain.length - read);
        if (more == 0) {
          throw PackedColumn.corrupt("metadata ends early");
        }
        read += more;
      }
      return plain;
    } catch (DataFormatException e) {
      throw PackedColumn.corrupt("metadata cannot be inflated");
    } finally {
      inflater.end();
    }
  }

  private static int crc(byte[] encoded, int blockCrc) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, blockCrc));
    crc.update(encoded, CRC_BYTES, encoded.length - CRC_BYTES);
    return (int) crc.getValue();
  }
}
