package io.latencystore.cli;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.cli.Table.Column;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latency last}: the latest measurements. */
@Command(name = "last", description = "The latest measurements that match, latest first.")
final class LastCommand extends Verb {

  @Mixin private final Filters filters = new Filters();

  @Option(names = "-n", paramLabel = "N", description = "How many. Default: 10.")
  private int number = 10;

  LastCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    LatencyQuery query = filters.query();
    if (number < 0) {
      throw new IllegalArgumentException("-n " + number + " is negative");
    }
    try (LatencyStore store = latency().openStore()) {
      List<LatencyMeasurement> last = store.last(query, number);
      if (latency().json()) {
        JsonOutput.print(out(), json -> write(last, json));
      } else {
        print(last);
      }
    }
  }

  private static void write(List<LatencyMeasurement> measurements, JsonOutput json)
      throws IOException {
    json.array(
        "measurements",
        array -> {
          for (LatencyMeasurement each : measurements) {
            array.object(element -> element.measurement(each));
          }
        });
  }

  private void print(List<LatencyMeasurement> measurements) throws IOException {
    List<Column> columns =
        List.of(
            Column.text("timestamp"),
            Column.figure("latency"),
            Column.text("component"),
            Column.text("command"),
            Column.text("outcome"),
            Column.text("metadata"));
    List<List<String>> rows = measurements.stream().map(LastCommand::cells).toList();
    new Table(columns, rows).print(out());
  }

  private static List<String> cells(LatencyMeasurement each) {
    return List.of(
        each.timestamp().toString(),
        Rounded.duration(each.latency()),
        Printable.cell(each.component()),
        Printable.cell(each.command()),
        each.success() ? "success" : "failure",
        each.metadata() == null ? "" : Printable.cell(each.metadata()));
  }
}
