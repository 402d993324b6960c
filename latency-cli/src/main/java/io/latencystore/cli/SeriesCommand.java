package io.latencystore.cli;

import io.latencystore.LatencyStore;
import io.latencystore.Series;
import io.latencystore.cli.Table.Column;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code latency series}: everything that was ever measured. */
@Command(name = "series", description = "Every component and command there is.")
final class SeriesCommand extends Verb {

  SeriesCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    try (LatencyStore store = latency().openStore()) {
      List<Series> series = store.series();
      if (latency().json()) {
        JsonOutput.print(out(), json -> write(series, json));
      } else {
        print(series);
      }
    }
  }

  private static void write(List<Series> series, JsonOutput json) throws IOException {
    json.array(
        "series",
        array -> {
          for (Series each : series) {
            array.object(element -> element.series(each));
          }
        });
  }

  private void print(List<Series> series) throws IOException {
    List<List<String>> rows =
        series.stream()
            .map(each -> List.of(Printable.cell(each.component()), Printable.cell(each.command())))
            .toList();
    new Table(List.of(Column.text("component"), Column.text("command")), rows).print(out());
  }
}
