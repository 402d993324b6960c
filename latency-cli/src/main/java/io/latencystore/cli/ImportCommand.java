package io.latencystore.cli;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latency import}: stores the measurements of a CSV file, after checking all of it. */
@Command(
    name = "import",
    description = {
      "Stores the measurements of a CSV file.",
      "The first line names the columns, in any order: timestamp_us, latency_us, component,"
          + " command, success and optionally metadata. The whole file is checked first; one bad"
          + " line, and nothing is stored."
    })
final class ImportCommand extends Verb {

  private static final int REPORTED = 10;
  private static final int ROWS_A_STEP = 1_000;

  @Parameters(paramLabel = "FILE.csv", description = "The file; - for standard input.")
  private String file = "-";

  @Option(
      names = "--skip-bad",
      description = "Leave out bad lines, and count and report them, instead of storing nothing.")
  private boolean skipBad;

  @Mixin private final LayoutOption layout = new LayoutOption();

  ImportCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    try (CsvMeasurements csv = CsvMeasurements.open(file, latency().surroundings().in())) {
      Inspection inspection = inspect(csv);
      report(csv, inspection);
      if (inspection.bad > 0 && !skipBad) {
        throw new RefusedException(
            csv.name()
                + ": nothing was stored, because of "
                + lines(inspection.bad)
                + "; mend them, or leave them out with --skip-bad");
      }
      long imported = store(csv);
      if (imported != inspection.good) {
        throw new RefusedException(
            csv.name()
                + " changed while it was imported: "
                + inspection.good
                + " good lines at first, then "
                + imported
                + ", which are stored");
      }
      answer(imported, inspection.bad);
    }
  }

  /** What the first reading of a file found. */
  private static final class Inspection {
    long good;
    long bad;
    final List<CsvLine.Bad> firstBad = new ArrayList<>();
  }

  private Inspection inspect(CsvMeasurements csv) throws IOException {
    Inspection found = new Inspection();
    try (Progress progress = progress("checking", csv)) {
      Iterator<CsvLine> lines = csv.read();
      while (lines.hasNext()) {
        if (lines.next() instanceof CsvLine.Bad bad) {
          found.bad++;
          if (found.bad <= REPORTED) {
            found.firstBad.add(bad);
          }
        } else {
          found.good++;
        }
        if ((found.good + found.bad) % ROWS_A_STEP == 0) {
          progress.reached(csv.position());
        }
      }
    }
    return found;
  }

  private void report(CsvMeasurements csv, Inspection found) {
    for (CsvLine.Bad bad : found.firstBad) {
      Failures.say(latency().surroundings(), describe(csv, bad));
    }
    if (found.bad > REPORTED) {
      Failures.say(
          latency().surroundings(), csv.name() + ": and " + lines(found.bad - REPORTED) + " more");
    }
  }

  private static String describe(CsvMeasurements csv, CsvLine.Bad bad) {
    return csv.name() + " line " + bad.number() + ": " + bad.reason();
  }

  private static String lines(long bad) {
    return bad == 1 ? "1 bad line" : Rounded.count(bad) + " bad lines";
  }

  private long store(CsvMeasurements csv) throws IOException {
    try (LatencyStore store = latency().openStore(layout);
        Progress progress = progress("importing", csv)) {
      return store.append(new GoodLines(csv, progress));
    }
  }

  private Progress progress(String doing, CsvMeasurements csv) throws IOException {
    return new Progress(latency().surroundings(), doing + " " + csv.name(), csv.size());
  }

  private void answer(long imported, long refused) throws IOException {
    if (latency().json()) {
      JsonOutput.print(
          out(),
          json -> {
            json.field("imported", imported);
            json.field("refused", refused);
          });
    } else {
      out().write("imported " + Rounded.count(imported) + " measurements");
      out().write(refused == 0 ? "\n" : ", refused " + lines(refused) + "\n");
    }
  }

  /**
   * The measurements of the second reading. A bad line is passed over, or ends it if the first
   * reading saw none.
   */
  private final class GoodLines implements Iterator<LatencyMeasurement> {

    private final CsvMeasurements csv;
    private final Progress progress;
    private final Iterator<CsvLine> lines;
    private @Nullable LatencyMeasurement next;
    private long taken;

    GoodLines(CsvMeasurements csv, Progress progress) throws IOException {
      this.csv = csv;
      this.progress = progress;
      this.lines = csv.read();
    }

    @Override
    public boolean hasNext() {
      while (next == null && lines.hasNext()) {
        CsvLine line = lines.next();
        if (line instanceof CsvLine.Good good) {
          next = good.measurement();
        } else if (line instanceof CsvLine.Bad bad && !skipBad) {
          throw new RefusedException(
              describe(csv, bad) + "; the file changed while it was imported");
        }
      }
      return next != null;
    }

    @Override
    public LatencyMeasurement next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      LatencyMeasurement measurement = next;
      next = null;
      if (++taken % ROWS_A_STEP == 0) {
        showProgress();
      }
      return measurement;
    }

    private void showProgress() {
      try {
        progress.reached(csv.position());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
