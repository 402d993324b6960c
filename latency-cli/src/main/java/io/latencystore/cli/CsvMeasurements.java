package io.latencystore.cli;

import static java.nio.charset.CodingErrorAction.REPLACE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;

/**
 * A CSV file of measurements that can be read from its begin any number of times. It stays open in
 * between, so that a file put in its place goes unnoticed.
 *
 * <p>The format is RFC 4180 in UTF-8, with or without a byte order mark, any line ends, and a
 * header. An empty field of metadata means none; an empty text in quotes is an empty text.
 */
final class CsvMeasurements implements Closeable {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final int LONGEST_ROW = 1 << 20;

  private final String name;
  private final FileChannel file;

  private CsvMeasurements(String name, FileChannel file) {
    this.name = name;
    this.file = file;
  }

  /**
   * Opens a file; {@code -} is standard input. What can be read only once, like a pipe, is copied
   * to a temporary file first.
   */
  static CsvMeasurements open(String file, InputStream standardInput) throws IOException {
    if (file.equals("-")) {
      return copy("standard input", standardInput);
    }
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new RefusedException(file + " is a directory; name a CSV file");
    } else if (Files.exists(path) && !Files.isRegularFile(path)) {
      try (InputStream once = Files.newInputStream(path)) {
        return copy(file, once);
      }
    }
    return new CsvMeasurements(file, FileChannel.open(path, READ));
  }

  private static CsvMeasurements copy(String name, InputStream once) throws IOException {
    Path copy = Files.createTempFile("latency-import", ".csv");
    FileChannel file = FileChannel.open(copy, READ, WRITE, DELETE_ON_CLOSE);
    try {
      once.transferTo(Channels.newOutputStream(file));
      return new CsvMeasurements(name, file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** What the file is called in messages. */
  String name() {
    return name;
  }

  /** The size of the file in bytes. */
  long size() throws IOException {
    return file.size();
  }

  /** About how many bytes of the file have been read since the last begin. */
  long position() throws IOException {
    return file.position();
  }

  /**
   * Reads the file from its begin.
   *
   * @throws RefusedException here or by the iterator, if the header or the quoting is wrong, so
   *     that no line can be told from the next
   */
  Iterator<CsvLine> read() throws IOException {
    Iterator<CsvRow> rows =
        CsvReader.builder()
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(LONGEST_ROW)
            .build(new CsvRow.Collector(), fromBegin())
            .iterator();
    return new Lines(rows);
  }

  private Reader fromBegin() throws IOException {
    file.position(0);
    InputStream bytes = new BufferedInputStream(Channels.newInputStream(file), 1 << 16);
    bytes.mark(BYTE_ORDER_MARK.length);
    if (!Arrays.equals(bytes.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
      bytes.reset();
    }
    return new InputStreamReader(
        bytes,
        UTF_8
            .newDecoder()
            .onMalformedInput(REPLACE)
            .replaceWith(String.valueOf(CsvColumns.MALFORMED)));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The rows after the header, as measurements. */
  private final class Lines implements Iterator<CsvLine> {

    private final Iterator<CsvRow> rows;
    private final CsvColumns columns;

    Lines(Iterator<CsvRow> rows) {
      this.rows = rows;
      if (!hasNext()) {
        throw new RefusedException(name + " is empty; the first line must name the columns");
      }
      CsvRow header = row();
      try {
        columns = CsvColumns.of(header);
      } catch (IllegalArgumentException e) {
        throw new RefusedException(name + " line " + header.line() + ": " + e.getMessage());
      }
    }

    @Override
    public boolean hasNext() {
      try {
        return rows.hasNext();
      } catch (CsvParseException e) {
        throw unreadable(e);
      }
    }

    @Override
    public CsvLine next() {
      return columns.read(row());
    }

    private CsvRow row() {
      try {
        return rows.next();
      } catch (CsvParseException e) {
        throw unreadable(e);
      }
    }

    private RefusedException unreadable(CsvParseException e) {
      return new RefusedException(
          name + ": " + e.getMessage() + "; nothing after it can be read, so nothing was stored");
    }
  }
}
