package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A place full of measurements, the older half of which lies forty days before the other and is to
 * be deleted. Each iteration begins with everything there.
 */
@State(Scope.Thread)
public abstract class Full {

  /** Everything before this moment is to be deleted. */
  static final long CUTOFF_MICROS = Workload.BEGIN_MICROS;

  /** A moment after all measurements. */
  static final long LATER_MICROS = CUTOFF_MICROS * 2;

  /** How many are stored at once. */
  static final int BATCH = 65_536;

  private static final long SHIFT_MICROS = TimeUnit.DAYS.toMicros(40);

  /** How many measurements there are. */
  @Param("10000000")
  int measurements;

  /** Stores everything. */
  @Setup(Level.Iteration)
  public void fill() throws SQLException, IOException, InterruptedException {
    open();
    Workload workload = new Workload(Workload.MAX_SERIES);
    int older = measurements / 2;
    for (int stored = 0; stored < measurements; ) {
      boolean old = stored < older;
      List<LatencyMeasurement> batch =
          workload.next(Math.min(BATCH, (old ? older : measurements) - stored));
      insert(old ? batch.stream().map(Full::earlier).toList() : batch);
      stored += batch.size();
    }
    Figures.size("bytesBefore", bytes());
    System.gc(); // Whoever deletes need not clear that away too.
    begin();
  }

  private static LatencyMeasurement earlier(LatencyMeasurement measurement) {
    return LatencyMeasurement.ofMicros(
        measurement.timestampMicros() - SHIFT_MICROS,
        measurement.latencyMicros(),
        measurement.component(),
        measurement.command(),
        measurement.success(),
        null);
  }

  /** Looks at what is left, and removes it. */
  @TearDown(Level.Iteration)
  public void empty() throws SQLException, IOException, InterruptedException {
    end();
    Figures.count("failures", Math.abs(count() - (measurements - measurements / 2)));
    Figures.size("bytesAfter", bytes());
    tidyUp();
    close();
  }

  abstract void open() throws SQLException, IOException;

  abstract void insert(List<LatencyMeasurement> batch) throws SQLException, IOException;

  /** How much it takes on disk as it is. */
  abstract long bytes() throws SQLException, IOException;

  /** What begins before anything is deleted. */
  void begin() throws InterruptedException {}

  /** What ends after it. */
  void end() throws IOException, InterruptedException {}

  abstract long count() throws SQLException;

  /** Does what one would do then, and notes what that has cost and gained. */
  void tidyUp() throws SQLException, IOException {}

  abstract void close() throws SQLException, IOException;
}
