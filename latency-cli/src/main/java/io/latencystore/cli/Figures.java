package io.latencystore.cli;

import io.latencystore.LatencySummary;
import io.latencystore.cli.Table.Column;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The figures of a summary for people: the same ones as in JSON, in the same order. */
final class Figures {

  private final List<BigDecimal> percentiles;

  /** Figures of summaries that hold these percentiles. */
  Figures(List<BigDecimal> percentiles) {
    this.percentiles = List.copyOf(percentiles);
  }

  /** Prints one summary, a line for each figure. */
  void print(LatencySummary summary, Appendable out) throws IOException {
    List<Column> titles = columns();
    List<String> cells = cells(summary);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      rows.add(List.of(titles.get(i).title(), cells.get(i)));
    }
    new Table(List.of(Column.text(""), Column.figure("")), rows).print(out);
  }

  /** The columns of a table of summaries. */
  List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    for (String title :
        List.of("count", "errors", "error rate", "per s", "sum", "min", "max", "mean", "stddev")) {
      columns.add(Column.figure(title));
    }
    for (BigDecimal p : percentiles) {
      columns.add(Column.figure("p" + p.toPlainString()));
    }
    return columns;
  }

  /** The cells of one summary under {@link #columns}. */
  List<String> cells(LatencySummary summary) {
    List<String> cells = new ArrayList<>();
    cells.add(Rounded.count(summary.count()));
    cells.add(Rounded.count(summary.errors()));
    cells.add(Rounded.share(summary.errorRate()));
    cells.add(
        summary.ratePerSecond().isPresent()
            ? Rounded.number(summary.ratePerSecond().getAsDouble())
            : "-");
    cells.add(Rounded.micros(new BigDecimal(summary.sumMicros())));
    cells.add(Rounded.duration(summary.min()));
    cells.add(Rounded.duration(summary.max()));
    cells.add(Rounded.duration(summary.mean()));
    cells.add(Rounded.duration(summary.standardDeviation()));
    for (BigDecimal p : percentiles) {
      Long micros = summary.percentilesMicros().get(p);
      cells.add(micros == null ? "-" : Rounded.micros(BigDecimal.valueOf(micros)));
    }
    return cells;
  }
}
