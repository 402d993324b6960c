package io.latencystore.cli;

import io.latencystore.CompactionReport;
import io.latencystore.LatencyStore;
import io.latencystore.cli.Table.Column;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latency compact}: merges what was stored a little at a time, and gathers strays. */
@Command(
    name = "compact",
    description =
        "Merges small blocks into fewer and gives strays a partition, as the store does by itself.")
final class CompactCommand extends Verb {

  @Option(
      names = "--dry-run",
      description = "Only say what would be merged to begin with; change nothing.")
  private boolean dryRun;

  CompactCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    try (LatencyStore store = latency().openStore()) {
      CompactionReport result =
          dryRun ? store.maintenance().planCompaction() : store.maintenance().compact();
      if (latency().json()) {
        JsonOutput.print(out(), json -> write(result, json));
      } else {
        print(result);
      }
    }
  }

  private static void write(CompactionReport result, JsonOutput json) throws IOException {
    json.field("merged", result.merged());
    json.field("made", result.made());
    json.field("measurements", result.measurements());
    json.field("damaged", result.damaged());
  }

  private void print(CompactionReport result) throws IOException {
    List<List<String>> rows =
        List.of(
            List.of("small blocks", Rounded.count(result.merged())),
            List.of(dryRun ? "would become" : "became", Rounded.count(result.made())),
            List.of("measurements in them", Rounded.count(result.measurements())),
            List.of("damaged blocks", Rounded.count(result.damaged())));
    new Table(List.of(Column.text(""), Column.text("")), rows).print(out());
  }
}
