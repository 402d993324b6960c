package io.latencystore.bench;

import io.latencystore.LatencyStore;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long it takes in a fresh JVM from entering {@code open} until the first {@code record}
 * returns, on a file that is not there yet and on one that is. Each fork is one figure; run it with
 * {@code -f 20} or more.
 *
 * <p>{@code ready} says how much later the database was open and migrated: where it is far from
 * zero, the measurement was recorded while that still went on.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(20)
@SuppressWarnings("NullAway.Init") // JMH calls the setup methods first
public class FirstRecord {

  /** What is at the place of the database. */
  public enum At {
    /** Nothing. */
    NOTHING,
    /** A database of ours, made by another process. */
    DATABASE
  }

  /** A place for a database, and the store that was opened there. */
  @State(Scope.Thread)
  public static class Place {

    /** What is there. */
    @Param At at;

    private ScratchFile file;
    private LatencyStore store;

    /** Finds a place, and lets another JVM make the database if there is to be one. */
    @Setup(Level.Trial)
    public void find() throws IOException, InterruptedException {
      file = ScratchFile.temporary();
      if (at == At.DATABASE) {
        Process maker =
            new ProcessBuilder(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    FirstRecord.class.getName(),
                    file.url())
                .inheritIO()
                .start();
        if (maker.waitFor() != 0) {
          throw new IllegalStateException(file.url() + " could not be made");
        }
      }
    }

    /** Waits until the database is open. */
    @TearDown(Level.Iteration)
    public void await(Readiness readiness) {
      long start = System.nanoTime();
      store.check();
      readiness.ready = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** Leaves nothing behind. */
    @TearDown(Level.Trial)
    public void tidyUp() throws IOException {
      store.close();
      file.close();
    }
  }

  /** What came after the first measurement. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Readiness {

    /** How many milliseconds after it the database answered. */
    public long ready;
  }

  private static LatencyStore record(LatencyStore store) {
    store.recorder("editor", "completion").record(1_772_366_400_000_000L, 1_234);
    return store;
  }

  /** The first measurement of a store that opens its database behind. */
  @Benchmark
  public LatencyStore inBackground(Place place) {
    place.store = record(LatencyStore.builder(place.file.url()).startInBackground().open());
    return place.store;
  }

  /** The first measurement of a store that waits until its database is open. */
  @Benchmark
  public LatencyStore afterOpening(Place place) {
    place.store = record(LatencyStore.open(place.file.url()));
    return place.store;
  }

  /** Makes the database of a URL. */
  public static void main(String[] arguments) {
    LatencyStore.open(arguments[0]).close();
  }
}
