import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyRecorder;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import java.time.Duration;
import java.time.Instant;

public class QuickStart {
  public static void main(String[] args) throws Exception {
    try (LatencyStore store = LatencyStore.open("sqlite:latency.db")) {
      LatencyRecorder completion = store.recorder("editor", "completion"); // get it once, keep it
      completion.record(Duration.ofNanos(1_234_567)); // succeeded, just now
      completion.recordFailure(Duration.ofMillis(250)); // failed, just now
      String answer = completion.time(() -> "42"); // an exception counts as a failure, and goes on

      store.record(
          new LatencyMeasurement(
              Instant.now(), Duration.ofMillis(7), "editor", "hover", true, "{\"file\":\"" + answer + ".md\"}"));

      LatencySummary day = store.summarize(LatencyQuery.last(Duration.ofDays(1)).component("editor"));
      System.out.println(day.count() + " measurements, " + day.errors() + " failed");
      System.out.println("mean " + day.mean().orElseThrow() + ", p99 " + day.percentile(99).orElseThrow());
    }
  }
}
