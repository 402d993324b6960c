package io.latencystore.cli;

import io.latencystore.LatencyStore;
import io.latencystore.Maintenance;
import io.latencystore.RetentionReport;
import io.latencystore.policy.RetentionPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latency retain}: deletes what has expired. */
@Command(
    name = "retain",
    description = {
      "Deletes what is older, or beyond the newest, than what is to be kept.",
      "Of several options the strictest counts. What comes later and is as old is not stored any more."
    })
final class RetainCommand extends Verb {

  @Option(
      names = "--keep",
      paramLabel = "SPAN",
      converter = Span.class,
      description =
          "Keep what is not older than SPAN: a number and us, ms, s, m, h, d or w, like 30d.")
  private @Nullable Duration age;

  @Option(
      names = "--keep-newest",
      paramLabel = "N",
      description = "Keep at least the newest N measurements, and not many more.")
  private @Nullable Long measurements;

  @Option(
      names = "--keep-bytes",
      paramLabel = "N",
      description = "Keep the newest that take at most about N bytes.")
  private @Nullable Long bytes;

  @Option(
      names = "--component",
      paramLabel = "NAME",
      description = "Only of this component; may be repeated.")
  private List<String> components = List.of();

  @Option(names = "--dry-run", description = "Say what would go, and change nothing.")
  private boolean dryRun;

  RetainCommand(Main latency) {
    super(latency);
  }

  @Override
  void run() throws IOException {
    RetentionPolicy policy = policy();
    try (LatencyStore store = latency().openStore()) {
      Maintenance maintenance = store.maintenance();
      RetentionReport report =
          dryRun ? maintenance.planRetention(policy) : maintenance.applyRetention(policy);
      if (latency().json()) {
        JsonOutput.print(out(), json -> write(report, json));
      } else {
        print(report);
      }
    }
  }

  private RetentionPolicy policy() {
    List<RetentionPolicy> policies = new ArrayList<>();
    if (age != null) {
      policies.add(RetentionPolicy.keepFor(age));
    }
    if (measurements != null) {
      policies.add(RetentionPolicy.keepNewest(measurements));
    }
    if (bytes != null) {
      policies.add(RetentionPolicy.keepBytes(bytes));
    }
    if (policies.isEmpty()) {
      throw new IllegalArgumentException(
          "say what to keep: --keep 30d, --keep-newest N or --keep-bytes N");
    }
    RetentionPolicy strictest = RetentionPolicy.strictest(policies.toArray(RetentionPolicy[]::new));
    return components.isEmpty()
        ? strictest
        : RetentionPolicy.strictest(
            components.stream()
                .map(component -> RetentionPolicy.forComponent(component, strictest))
                .toArray(RetentionPolicy[]::new));
  }

  private void write(RetentionReport report, JsonOutput json) throws IOException {
    json.field("cutoff_us", Optional.ofNullable(report.cutoff()).map(Micros::of));
    json.array(
        "components",
        array -> {
          for (Map.Entry<String, Instant> each : sorted(report).entrySet()) {
            array.object(
                element -> {
                  element.field("component", each.getKey());
                  element.field("cutoff_us", Micros.of(each.getValue()));
                });
          }
        });
    json.field("measurements", report.measurements());
    json.field("bytes_given_back", report.bytesGivenBack());
  }

  private void print(RetentionReport report) throws IOException {
    out()
        .write(
            (dryRun ? "would delete " : "deleted ")
                + Rounded.count(report.measurements())
                + " measurements"
                + (dryRun ? "" : ", " + Rounded.bytes(report.bytesGivenBack()) + " given back")
                + "\n");
    if (report.cutoff() != null) {
      out().write("everything before " + report.cutoff() + "\n");
    }
    for (Map.Entry<String, Instant> each : sorted(report).entrySet()) {
      out()
          .write(
              "of "
                  + Printable.cell(each.getKey())
                  + " everything before "
                  + each.getValue()
                  + "\n");
    }
  }

  private static Map<String, Instant> sorted(RetentionReport report) {
    return new TreeMap<>(report.componentCutoffs());
  }
}
