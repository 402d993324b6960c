package io.latencystore.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import io.latencystore.LatencyMeasurement;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * A way to write measurements as plain rows. Closing writes what is held back, and leaves the
 * writer open.
 */
interface Rows extends Closeable {

  void add(LatencyMeasurement measurement) throws IOException;

  /** Rows of CSV under a header, which {@code latency import} reads back as they were. */
  static Rows csv(Writer out) {
    return new Csv(out, text -> text);
  }

  /**
   * Rows of CSV in which no text can be taken for a formula by a spreadsheet: where one begins like
   * a formula, a single quote stands before it. That cannot be undone, since a text may begin with
   * a single quote of its own.
   */
  static Rows csvForSpreadsheets(Writer out) {
    return new Csv(out, Rows::harmless);
  }

  /** One JSON object a line. */
  static Rows jsonl(Writer out) throws IOException {
    return new Jsonl(out);
  }

  private static @Nullable String harmless(@Nullable String text) {
    return text == null || text.isEmpty() || "=+-@\t\r".indexOf(text.charAt(0)) < 0
        ? text
        : "'" + text;
  }

  /** How a text becomes a cell. */
  interface Cell {
    @Nullable String of(@Nullable String text);
  }

  /** See {@link #csv}. */
  final class Csv implements Rows {

    private final CsvWriter csv;
    private final Cell cell;

    private Csv(Writer out, Cell cell) {
      this.csv =
          CsvWriter.builder()
              .lineDelimiter(LineDelimiter.LF)
              .quoteStrategy(QuoteStrategies.EMPTY)
              .build(out);
      this.cell = cell;
      csv.writeRecord(CsvColumns.NAMES);
    }

    @Override
    public void add(LatencyMeasurement each) {
      csv.writeRecord(
          Long.toString(each.timestampMicros()),
          Long.toString(each.latencyMicros()),
          cell.of(each.component()),
          cell.of(each.command()),
          Boolean.toString(each.success()),
          cell.of(each.metadata()));
    }

    @Override
    public void close() throws IOException {
      csv.flush();
    }
  }

  /** See {@link #jsonl}. */
  final class Jsonl implements Rows {

    private final Writer out;
    private final JsonOutput json;
    private boolean empty = true;

    private Jsonl(Writer out) throws IOException {
      this.out = out;
      this.json = new JsonOutput(out);
    }

    @Override
    public void add(LatencyMeasurement each) throws IOException {
      json.object(row -> row.measurement(each));
      empty = false;
    }

    @Override
    public void close() throws IOException {
      json.close();
      if (!empty) {
        out.write('\n');
      }
    }
  }
}
