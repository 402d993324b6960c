package io.latencystore.cli;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code latency summary}: what measurements amount to, all together or by component or series. */
@Command(
    name = "summary",
    description = "Count, errors, mean and exact percentiles of the measurements that match.")
final class SummaryCommand extends Verb {

  /** What gets a summary of its own. */
  private enum Grouping {
    COMPONENT,
    SERIES
  }

  /** Reads a grouping. */
  private static final class GroupingName implements ITypeConverter<Grouping> {

    @Override
    public Grouping convert(String typed) {
      return switch (typed) {
        case "component" -> Grouping.COMPONENT;
        case "series" -> Grouping.SERIES;
        default ->
            throw new TypeConversionException("'" + typed + "' is neither component nor series");
      };
    }
  }

  @Mixin private final Filters filters = new Filters();
  @Mixin private final Percentiles percentiles = new Percentiles();

  @Option(
      names = "--by",
      paramLabel = "component|series",
      converter = GroupingName.class,
      description = "A summary for each component, or for each component and command.")
  private @Nullable Grouping by;

  SummaryCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    LatencyQuery query = percentiles.of(filters.query());
    try (LatencyStore store = latency().openStore()) {
      if (by == null) {
        answer(store.summarize(query), query);
      } else {
        answer(
            by == Grouping.COMPONENT
                ? Groups.ofComponents(query, store.summarizeByComponent(query))
                : Groups.ofSeries(query, store.summarizeBySeries(query)));
      }
    }
  }

  private void answer(LatencySummary summary, LatencyQuery query) throws IOException {
    if (latency().json()) {
      JsonOutput.print(out(), json -> json.summary(summary, query.percentiles()));
    } else {
      new Figures(query.percentiles()).print(summary, out());
    }
  }

  private void answer(Groups groups) throws IOException {
    if (latency().json()) {
      JsonOutput.print(out(), groups::write);
    } else {
      groups.print(out());
    }
  }
}
