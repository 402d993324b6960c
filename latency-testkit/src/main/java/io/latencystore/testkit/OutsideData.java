package io.latencystore.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.latencystore.LatencyMeasurement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sets of others, which lie outside the project in the folder that a system property names. */
public final class OutsideData {

  private static final String PROPERTY = "latency.outsideData";

  private OutsideData() {}

  /** The folder, which may not be there. */
  public static Path folder() {
    return Path.of(System.getProperty(PROPERTY, "../shared/data"));
  }

  /** Skips the test that asks, if the folder is not there. */
  public static void assumeThere() {
    assumeTrue(
        Files.isDirectory(folder()),
        () -> "no outside data in " + folder() + "; name its folder with -D" + PROPERTY);
  }

  /** The rows of a file, by the names in its header. */
  public static CsvReader<NamedCsvRecord> rows(Path file) throws IOException {
    return CsvReader.builder().ofNamedCsvRecord(file);
  }

  /** The measurements of a set. */
  public static List<LatencyMeasurement> measurements(String set) {
    try (CsvReader<NamedCsvRecord> rows = rows(folder().resolve(set + ".csv"))) {
      return rows.stream()
          .map(
              row ->
                  LatencyMeasurement.ofMicros(
                      Long.parseLong(row.getField("timestamp_us")),
                      Long.parseLong(row.getField("latency_us")),
                      row.getField("component"),
                      row.getField("command"),
                      row.getField("success").equals("true"),
                      null))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
