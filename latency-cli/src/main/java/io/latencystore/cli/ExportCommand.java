package io.latencystore.cli;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.cli.NewFile.Existing;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latency export}: measurements as plain rows, in time order. */
@Command(
    name = "export",
    description = {
      "Writes the measurements that match as plain rows, in time order.",
      "An import of an exported CSV file gives the same measurements again."
    })
final class ExportCommand extends Verb {

  /** The formats, of which one must be chosen. */
  private static final class Format {

    @Option(
        names = "--csv",
        description = "Rows of timestamp_us,latency_us,component,command,success,metadata.")
    private boolean csv;

    @Option(names = "--jsonl", description = "One JSON object with the same fields a line.")
    private boolean jsonl;
  }

  @ArgGroup(multiplicity = "1")
  private final Format format = new Format();

  @Mixin private final Filters filters = new Filters();

  @Option(
      names = "--escape-formulas",
      description =
          "Put a single quote before a CSV text that a spreadsheet could take for a formula. Such a"
              + " file cannot be imported back as it was.")
  private boolean escapeFormulas;

  @Option(names = "--force", description = "Replace FILE if it is there already.")
  private boolean force;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The file to write. Default: standard output.")
  private @Nullable Path file;

  ExportCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    LatencyQuery query = filters.query();
    if (escapeFormulas && !format.csv) {
      throw new IllegalArgumentException("--escape-formulas is for --csv");
    } else if (file != null) {
      toFile(file, query);
    } else if (latency().json()) {
      throw new IllegalArgumentException(
          "--json needs a FILE, since the rows go to standard output otherwise");
    } else {
      write(query, out());
    }
  }

  private void toFile(Path path, LatencyQuery query) throws IOException {
    long exported;
    try (NewFile target = NewFile.create(path, force ? Existing.REPLACE : Existing.REFUSE)) {
      exported = write(query, target.writer());
      target.commit();
    }
    if (latency().json()) {
      JsonOutput.print(out(), json -> json.field("exported", exported));
    } else {
      out().write("exported " + Rounded.count(exported) + " measurements\n");
    }
  }

  private long write(LatencyQuery query, Writer out) throws IOException {
    long written = 0;
    try (LatencyStore store = latency().openStore();
        Stream<LatencyMeasurement> measurements = store.stream(query);
        Rows rows = rows(out)) {
      for (Iterator<LatencyMeasurement> each = measurements.iterator(); each.hasNext(); ) {
        rows.add(each.next());
        written++;
      }
    }
    return written;
  }

  private Rows rows(Writer out) throws IOException {
    if (format.jsonl) {
      return Rows.jsonl(out);
    }
    return escapeFormulas ? Rows.csvForSpreadsheets(out) : Rows.csv(out);
  }
}
