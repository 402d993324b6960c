package io.latencystore.cli;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.StoreCheck;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code latency copy}: everything from one database into another, of any kind and layout. */
@Command(
    name = "copy",
    description = {
      "Copies everything from one database into another that is empty, of any kind and layout.",
      "Then counts, errors and sums of each series are compared."
    })
final class CopyCommand extends Verb {

  private static final int MEASUREMENTS_A_STEP = 1_000;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "The URL of what is copied.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "TARGET", description = "The URL of where it goes.")
  private String target = "";

  @Mixin private final LayoutOption layout = new LayoutOption();

  CopyCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    try (LatencyStore from = latency().openStore(source, null);
        LatencyStore to = latency().openStore(target, layout)) {
      refuseUnlessEmpty(from.check(), to);
      Copied copied = copy(from, to);
      copied.compare(to);
      answer(copied.count, to.check().layout());
    }
  }

  private static void refuseUnlessEmpty(StoreCheck from, LatencyStore to) {
    StoreCheck check = to.check();
    if (check.storeId().equals(from.storeId())) {
      throw new RefusedException(check.location() + " would be copied into itself");
    } else if (!to.last(LatencyQuery.all(), 1).isEmpty()) {
      throw new RefusedException(
          check.location() + " holds measurements already; name a database that is empty or new");
    }
  }

  private Copied copy(LatencyStore from, LatencyStore to) {
    long total = from.summarize(LatencyQuery.all().withoutPercentiles()).count();
    try (Progress progress = new Progress(latency().surroundings(), "copying", total);
        Stream<LatencyMeasurement> measurements = from.stream(LatencyQuery.all())) {
      Copied copied = new Copied(measurements.iterator(), progress);
      to.append(copied);
      return copied;
    }
  }

  private void answer(long copied, String chosen) throws IOException {
    if (latency().json()) {
      JsonOutput.print(
          out(),
          json -> {
            json.field("copied", copied);
            json.field("layout", chosen);
          });
    } else {
      out().write("copied " + Rounded.count(copied) + " measurements into " + chosen + "\n");
    }
  }

  /** Measurements that are added up as they are taken. */
  private static final class Copied implements Iterator<LatencyMeasurement> {

    private final Iterator<LatencyMeasurement> measurements;
    private final Progress progress;
    private final Map<Series, Total> totals = new HashMap<>();
    private long count;

    Copied(Iterator<LatencyMeasurement> measurements, Progress progress) {
      this.measurements = measurements;
      this.progress = progress;
    }

    @Override
    public boolean hasNext() {
      return measurements.hasNext();
    }

    @Override
    public LatencyMeasurement next() {
      LatencyMeasurement next = measurements.next();
      totals
          .computeIfAbsent(new Series(next.component(), next.command()), series -> new Total())
          .add(next);
      if (++count % MEASUREMENTS_A_STEP == 0) {
        progress.reached(count);
      }
      return next;
    }

    void compare(LatencyStore to) {
      SortedMap<Series, LatencySummary> found =
          to.summarizeBySeries(LatencyQuery.all().withoutPercentiles());
      boolean same =
          found.size() == totals.size()
              && totals.entrySet().stream()
                  .allMatch(entry -> entry.getValue().isThatOf(found.get(entry.getKey())));
      if (!same) {
        throw new RefusedException(
            to.check().location()
                + " does not hold what was copied; did somebody else write there meanwhile? Copy again, into an empty"
                + " database");
      }
    }
  }

  /** What one series amounts to. */
  private static final class Total {
    private long count;
    private long errors;
    private BigInteger sumMicros = BigInteger.ZERO;

    void add(LatencyMeasurement measurement) {
      count++;
      errors += measurement.success() ? 0 : 1;
      sumMicros = sumMicros.add(BigInteger.valueOf(measurement.latencyMicros()));
    }

    boolean isThatOf(@Nullable LatencySummary summary) {
      return summary != null
          && summary.count() == count
          && summary.errors() == errors
          && summary.sumMicros().equals(sumMicros);
    }
  }
}
