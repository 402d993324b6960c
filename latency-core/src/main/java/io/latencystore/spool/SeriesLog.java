package io.latencystore.spool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.InvalidMeasurementException;
import io.latencystore.Series;
import io.latencystore.file.PrivateFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The names behind the indexes in a spool's cells, in memory and appended to a file as they are
 * first used.
 *
 * <pre>
 * file  = entry*                              the index of a series is that of its entry
 * entry = length:u32 crc32c:u32 body          little-endian; the checksum is over the body
 * body  = componentLength:u32 component command      UTF-8
 * </pre>
 *
 * <p>An entry is in the file before its index is given out. Safe for use by any thread.
 */
final class SeriesLog implements AutoCloseable {

  private static final int ENTRY_HEAD = 8;
  private static final int MAX_BODY = 4 + Series.MAX_COMPONENT_BYTES + Series.MAX_COMMAND_BYTES;

  private final @Nullable RandomAccessFile file;
  private final int limit;
  private final Map<Series, Integer> indexes = new HashMap<>();
  private final List<Series> series = new ArrayList<>();

  private SeriesLog(@Nullable RandomAccessFile file, int limit) {
    this.file = file;
    this.limit = limit;
  }

  /** A new log of up to {@code limit} series, in a file or, if there is none, in memory alone. */
  static SeriesLog create(@Nullable Path path, int limit) throws IOException {
    if (path == null) {
      return new SeriesLog(null, limit);
    }
    PrivateFiles.createFile(path);
    return new SeriesLog(new RandomAccessFile(path.toFile(), "rw"), limit);
  }

  /** The index of a series, or −1 if it is new and there are as many as there may be. */
  synchronized int define(Series names) throws IOException {
    Integer known = indexes.get(names);
    if (known != null) {
      return known;
    }
    if (series.size() >= limit) {
      return -1;
    }
    append(names);
    series.add(names);
    indexes.put(names, series.size() - 1);
    return series.size() - 1;
  }

  /** The series of an index that was given out. */
  synchronized Series get(int index) {
    return series.get(index);
  }

  /**
   * Appends an entry. One that fails half-way is written over by the next, so that no index ever
   * names another entry's series.
   */
  private void append(Series names) throws IOException {
    if (file == null) {
      return;
    }
    byte[] component = names.component().getBytes(UTF_8);
    byte[] command = names.command().getBytes(UTF_8);
    int body = Integer.BYTES + component.length + command.length;
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_HEAD + body).order(ByteOrder.LITTLE_ENDIAN);
    entry.position(ENTRY_HEAD);
    entry.putInt(component.length).put(component).put(command);
    entry.putInt(0, body).putInt(4, crc(entry.array(), ENTRY_HEAD, body));
    long end = file.getFilePointer();
    try {
      file.write(entry.array());
    } catch (IOException e) {
      file.seek(end);
      throw e;
    }
  }

  /** Makes the entries survive a power cut. */
  void force() throws IOException {
    if (file != null) {
      file.getFD().sync();
    }
  }

  /** The series in a file, up to the first entry that is not whole. */
  static List<Series> read(Path path) throws IOException {
    List<Series> found = new ArrayList<>();
    if (!Files.exists(path)) {
      return found;
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.remaining() >= ENTRY_HEAD) {
      int length = bytes.getInt();
      int crc = bytes.getInt();
      if (length < Integer.BYTES
          || length > MAX_BODY
          || length > bytes.remaining()
          || crc != crc(bytes.array(), bytes.position(), length)) {
        break;
      }
      Series series = series(bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN));
      if (series == null) {
        break;
      }
      found.add(series);
      bytes.position(bytes.position() + length);
    }
    return found;
  }

  private static @Nullable Series series(ByteBuffer body) {
    int componentLength = body.getInt();
    if (componentLength < 0 || componentLength > body.remaining()) {
      return null;
    }
    try {
      String component =
          UTF_8.newDecoder().decode(body.slice(body.position(), componentLength)).toString();
      body.position(body.position() + componentLength);
      return new Series(component, UTF_8.newDecoder().decode(body).toString());
    } catch (CharacterCodingException | InvalidMeasurementException e) {
      return null;
    }
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
