package io.latencystore.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.block.TimeOrdered;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * @see <a href="https://www.sqlite.org/fileformat2.html">the format of SQLite's files</a>
 */
final class RowImage {

  /** The greatest id that may be in an image; greater ones would need another varint. */
  static final long GREATEST_ID = (1L << 56) - 1;

  /** Where the header says how many pages there are. */
  private static final int PAGES_AT = 28;

  private static final int TABLE_PAGE = 2;
  private static final int INDEX_PAGE = 3;
  private static final int NULL = 0;
  private static final int FALSE = 8;
  private static final int TRUE = 9;
  private static final int TEXT = 13;

  /** How many bytes a number of each type takes. */
  private static final int[] BYTES = {0, 1, 2, 3, 4, 6, 8, 0, 0, 0};

  private RowImage() {}

  /**
   * The database of these rows.
   *
   * @param empty the same without rows: a header, the schema, and the roots of table and index
   * @param rows in the order of time
   * @param firstId the id of the first of them, from which the others go on
   */
  static byte[] of(byte[] empty, TimeOrdered rows, long firstId) {
    ImageTree tree = new ImageTree(ImageTree.Kind.TABLE);
    ImageTree entries = new ImageTree(ImageTree.Kind.INDEX);
    for (int i = 0; i < rows.size(); i++) {
      long id = firstId + i;
      long timestamp = rows.timestampMicros(i);
      long series = rows.seriesId(i);
      String text = rows.metadata(i);
      byte[] metadata = text == null ? null : text.getBytes(UTF_8);
      addRow(tree, id, timestamp, rows.latencyMicros(i), series, rows.success(i), metadata);
      addEntry(entries, timestamp, series, id);
    }
    List<ByteBuffer> pages = new ArrayList<>();
    for (int from = 0; from < empty.length; from += ImageTree.PAGE) {
      pages.add(ByteBuffer.wrap(Arrays.copyOfRange(empty, from, from + ImageTree.PAGE)));
    }
    tree.finish(pages, TABLE_PAGE);
    entries.finish(pages, INDEX_PAGE);
    ByteBuffer image = ByteBuffer.allocate(pages.size() * ImageTree.PAGE);
    for (ByteBuffer page : pages) {
      image.put(page.rewind());
    }
    return image.putInt(PAGES_AT, pages.size()).array();
  }

  private static void addRow(
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
    ByteBuffer cell = tree.add(varintBytes(record) + varintBytes(id) + record, id - 1);
    putVarint(cell, record);
    putVarint(cell, id);
    cell.put((byte) header)
        .put((byte) NULL)
        .put((byte) timestampType)
        .put((byte) latencyType)
        .put((byte) seriesType)
        .put((byte) (success ? TRUE : FALSE));
    putVarint(cell, metadataType);
    putNumber(cell, timestampType, timestamp);
    putNumber(cell, latencyType, latency);
    putNumber(cell, seriesType, series);
    if (metadata != null) {
      cell.put(metadata);
    }
  }

  private static void addEntry(ImageTree tree, long timestamp, long series, long id) {
    int timestampType = type(timestamp);
    int seriesType = type(series);
    int idType = type(id);
    int record = 4 + BYTES[timestampType] + BYTES[seriesType] + BYTES[idType];
    ByteBuffer cell = tree.add(1 + record, id - 1);
    cell.put((byte) record)
        .put((byte) 4)
        .put((byte) timestampType)
        .put((byte) seriesType)
        .put((byte) idType);
    putNumber(cell, timestampType, timestamp);
    putNumber(cell, seriesType, series);
    putNumber(cell, idType, id);
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

  private static void putNumber(ByteBuffer cell, int type, long value) {
    switch (type) {
      case 1 -> cell.put((byte) value);
      case 2 -> cell.putShort((short) value);
      case 3 -> cell.put((byte) (value >> 16)).putShort((short) value);
      case 4 -> cell.putInt((int) value);
      case 5 -> cell.putShort((short) (value >> 32)).putInt((int) value);
      case 6 -> cell.putLong(value);
      default -> {} // The type says it all.
    }
  }

  static int varintBytes(long value) {
    return Math.max(1, (Long.SIZE + 6 - Long.numberOfLeadingZeros(value)) / 7);
  }

  /** Seven bits a byte, the highest first. */
  static void putVarint(ByteBuffer cell, long value) {
    for (int shift = 7 * (varintBytes(value) - 1); shift > 0; shift -= 7) {
      cell.put((byte) (value >> shift | 0x80));
    }
    cell.put((byte) (value & 0x7f));
  }
}
