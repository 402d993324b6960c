package io.latencystore.sql;

import io.latencystore.MaintenanceStep;
import java.time.Duration;
import java.util.function.LongSupplier;

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
    MaintenanceEvent event = new MaintenanceEvent();
    event.begin();
    long begun = System.nanoTime();
    long count = work.getAsLong();
    if (count > 0) {
      event.kind = kind.name();
      event.count = count;
      event.location = location;
      event.commit();
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      watch.tell(listener -> listener.maintained(new MaintenanceStep(kind, count, took)));
    }
    return count;
  }
}
