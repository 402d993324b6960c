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
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The names behind the indexes in a spool's cells, appended to a file as they are first used.
 *
 * <pre>
 * file  = entry*                              the index of a series is that of its entry
 * entry = length:u32 crc32c:u32 body          little-endian; the checksum is over the body
 * body  = componentLength:u32 component command      UTF-8
 * </pre>
 *
 * <p>An entry is in the file before its index is given out. For one thread at a time.
 */
final class SeriesLog implements AutoCloseable {

  private static final int ENTRY_HEAD = 8;
  private static final int MAX_BODY = 4 + Series.MAX_COMPONENT_BYTES + Series.MAX_COMMAND_BYTES;

  private final @Nullable RandomAccessFile file;

  private SeriesLog(@Nullable RandomAccessFile file) {
    this.file = file;
  }

  /** A new log in a file, or one that is kept nowhere if there is none. */
  static SeriesLog create(@Nullable Path path) throws IOException {
    if (path == null) {
      return new SeriesLog(null);
    }
    PrivateFiles.createFile(path);
    return new SeriesLog(new RandomAccessFile(path.toFile(), "rw"));
  }

  void append(Series series) throws IOException {
    if (file == null) {
      return;
    }
    byte[] component = series.component().getBytes(UTF_8);
    byte[] command = series.command().getBytes(UTF_8);
    int body = Integer.BYTES + component.length + command.length;
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_HEAD + body).order(ByteOrder.LITTLE_ENDIAN);
    entry.position(ENTRY_HEAD);
    entry.putInt(component.length).put(component).put(command);
    entry.putInt(0, body).putInt(4, crc(entry.array(), ENTRY_HEAD, body));
    file.write(entry.array());
  }

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
