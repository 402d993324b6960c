package io.latencystore.cli;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a CSV file as it is written there.
 *
 * @param line the line of the file it begins on, counted from 1
 * @param fields its fields; null for one that is empty and not in quotes
 */
record CsvRow(long line, List<@Nullable String> fields) {

  /** Makes rows of what FastCSV reads. */
  static final class Collector extends AbstractBaseCsvCallbackHandler<CsvRow> {

    private List<@Nullable String> fields = new ArrayList<>();

    @Override
    protected void handleBegin(long startingLineNumber) {
      fields = new ArrayList<>();
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
      fields.add(length == 0 && !quoted ? null : new String(buffer, offset, length));
    }

    @Override
    protected CsvRow buildRecord() {
      return new CsvRow(getStartingLineNumber(), fields);
    }
  }
}
