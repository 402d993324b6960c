package io.latencystore.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.block.TimeOrdered;
import org.jspecify.annotations.Nullable;

/**
 * A SQLite database with rows of {@code latency_event}, as the bytes of its file: the fastest way
 * to hand many rows to SQLite, which takes table and index from it as they are.
 *
 * <pre>
 * row    = varint(bytes of record) varint(id) record(null, ts, latency_us, series_id, success, metadata)
 * entry  = varint(bytes of record) record(ts, series_id, id)
 * record = varint(bytes up to the values) varint(type of value)* value*
 * </pre>
 *
 * For one thread.
 *
 * @see <a href="https://www.sqlite.org/fileformat2.html">the format of SQLite's files</a>
 */
final class RowImage {

  /** The greatest id that may be in an image; greater ones would need another varint. */
  static final long GREATEST_ID = (1L << 56) - 1;

  private static final int TABLE_PAGE = 2;
  private static final int INDEX_PAGE = 3;
  private static final int NULL = 0;
  private static final int FALSE = 8;
  private static final int TRUE = 9;
  private static final int TEXT = 13;

  /** How many bytes a number of each type takes. */
  private static final int[] BYTES = {0, 1, 2, 3, 4, 6, 8, 0, 0, 0};

  private final byte[] empty;
  private final ImagePages pages = new ImagePages();

  /**
   * An image to be filled.
   *
   * @param empty the same without rows: a header, the schema, and the roots of table and index
   */
  RowImage(byte[] empty) {
    this.empty = empty;
  }

  /**
   * The database of these rows, valid until that of others.
   *
   * @param rows in the order of time
   * @param firstId the id of the first of them, from which the others go on
   */
  byte[] of(TimeOrdered rows, long firstId) {
    pages.begin(empty);
    ImageTree tree = new ImageTree(pages, ImageTree.Kind.TABLE, TABLE_PAGE);
    ImageTree entries = new ImageTree(pages, ImageTree.Kind.INDEX, INDEX_PAGE);
    for (int i = 0; i < rows.size(); i++) {
      long id = firstId + i;
      long timestamp = rows.timestampMicros(i);
      long series = rows.seriesId(i);
      String text = rows.metadata(i);
      byte[] metadata = text == null ? null : text.getBytes(UTF_8);
      addRow(tree, id, timestamp, rows.latencyMicros(i), series, rows.success(i), metadata);
      addEntry(entries, timestamp, series, id);
    }
    tree.finish();
    entries.finish();
    return pages.finish();
  }

  private void addRow(
      ImageTree tree,
      long id,
      long timestamp,
      long latency,
      long series,
      boolean success,
      byte @Nullable [] metadata) {
    int timestampType = type(timestamp);
    int latencyType = type(latency);
    int seriesType = type(series);
    int metadataType = metadata == null ? NULL : TEXT + 2 * metadata.length;
    int header = 6 + varintBytes(metadataType);
    int record = header + BYTES[timestampType] + BYTES[latencyType] + BYTES[seriesType];
    if (metadata != null) {
      record += metadata.length;
    }
    int at = tree.add(varintBytes(record) + varintBytes(id) + record, id - 1);
    byte[] bytes = pages.bytes();
    at = putVarint(bytes, at, record);
    at = putVarint(bytes, at, id);
    bytes[at] = (byte) header;
    bytes[at + 1] = NULL;
    bytes[at + 2] = (byte) timestampType;
    bytes[at + 3] = (byte) latencyType;
    bytes[at + 4] = (byte) seriesType;
    bytes[at + 5] = (byte) (success ? TRUE : FALSE);
    at = putVarint(bytes, at + 6, metadataType);
    at = putNumber(at, timestampType, timestamp);
    at = putNumber(at, latencyType, latency);
    at = putNumber(at, seriesType, series);
    if (metadata != null) {
      System.arraycopy(metadata, 0, bytes, at, metadata.length);
    }
  }

  private void addEntry(ImageTree tree, long timestamp, long series, long id) {
    int timestampType = type(timestamp);
    int seriesType = type(series);
    int idType = type(id);
    int record = 4 + BYTES[timestampType] + BYTES[seriesType] + BYTES[idType];
    int at = tree.add(1 + record, id - 1);
    byte[] bytes = pages.bytes();
    bytes[at] = (byte) record;
    bytes[at + 1] = 4;
    bytes[at + 2] = (byte) timestampType;
    bytes[at + 3] = (byte) seriesType;
    bytes[at + 4] = (byte) idType;
    at = putNumber(at + 5, timestampType, timestamp);
    at = putNumber(at, seriesType, series);
    putNumber(at, idType, id);
  }

  /** The type that takes the fewest bytes. */
  private static int type(long value) {
    if (value == 0 || value == 1) {
      return value == 0 ? FALSE : TRUE;
    }
    int bits = Long.SIZE + 1 - Long.numberOfLeadingZeros(value < 0 ? ~value : value);
    if (bits <= 4 * Byte.SIZE) {
      return (bits + Byte.SIZE - 1) / Byte.SIZE;
    }
    return bits <= 6 * Byte.SIZE ? 5 : 6;
  }

  /** Writes a number, the highest byte first; returns where it ends. */
  private int putNumber(int at, int type, long value) {
    switch (type) {
      case 1 -> pages.bytes()[at] = (byte) value;
      case 2 -> pages.putShort(at, (int) value);
      case 3 -> {
        pages.bytes()[at] = (byte) (value >> 16);
        pages.putShort(at + 1, (int) value);
      }
      case 4 -> pages.putInt(at, (int) value);
      case 5 -> {
        pages.putShort(at, (int) (value >> 32));
        pages.putInt(at + 2, (int) value);
      }
      case 6 -> pages.putLong(at, value);
      default -> {} // The type says it all.
    }
    return at + BYTES[type];
  }

  static int varintBytes(long value) {
    return Math.max(1, (Long.SIZE + 6 - Long.numberOfLeadingZeros(value)) / 7);
  }

  /** Seven bits a byte, the highest first; returns where they end. */
  static int putVarint(byte[] bytes, int at, long value) {
    int next = at;
    for (int shift = 7 * (varintBytes(value) - 1); shift > 0; shift -= 7) {
      bytes[next++] = (byte) (value >> shift | 0x80);
    }
    bytes[next++] = (byte) (value & 0x7f);
    return next;
  }
}
