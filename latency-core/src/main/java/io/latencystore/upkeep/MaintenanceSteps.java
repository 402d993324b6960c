package io.latencystore.upkeep;

import io.latencystore.MaintenanceStep;
import io.latencystore.sql.StateWatch;
import java.time.Duration;
import java.util.function.LongSupplier;
import jdk.jfr.FlightRecorder;

/** Takes steps of maintenance, and tells who listens of them. Safe for use by any thread. */
final class MaintenanceSteps {

  private final String location;
  private final StateWatch watch;

  MaintenanceSteps(String location, StateWatch watch) {
    this.location = location;
    this.watch = watch;
  }

  /**
   * Takes a step; one that found nothing to do is nobody's news.
   *
   * @param work returns what it did, in the kind's unit
   * @return the same
   */
  long take(MaintenanceStep.Kind kind, LongSupplier work) {
    long begun = System.nanoTime();
    // The first event takes a process 150 ms, whether anybody wants it or not.
    long count = FlightRecorder.isInitialized() ? takeAndRecord(kind, work) : work.getAsLong();
    if (count > 0) {
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      watch.tell(listener -> listener.maintained(new MaintenanceStep(kind, count, took)));
    }
    return count;
  }

  private long takeAndRecord(MaintenanceStep.Kind kind, LongSupplier work) {
    MaintenanceEvent event = new MaintenanceEvent();
    event.begin();
    long count = work.getAsLong();
    if (count > 0) {
      event.kind = kind.name();
      event.count = count;
      event.location = location;
      event.commit();
    }
    return count;
  }
}
