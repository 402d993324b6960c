package io.latencystore.sql;

import io.latencystore.MaintenanceStep;
import org.jspecify.annotations.Nullable;

/** Moves strays to where they belong, as a chore and on demand, as far as that is worth while. */
final class Gathering implements Chore {

  private final Strays strays;
  private final MaintenanceSteps steps;
  private volatile @Nullable Long left;

  Gathering(Strays strays, MaintenanceSteps steps) {
    this.strays = strays;
    this.steps = steps;
  }

  @Override
  public boolean step(Startup.Opened opened) {
    Connections connections = opened.connections();
    long found = connections.read(session -> strays.count(session.connection()));
    left = found;
    return found > 0
        && steps.take(
                MaintenanceStep.Kind.GATHER,
                () -> connections.maintain(session -> strays.gather(session.connection())))
            > 0;
  }

  /** Moves all that it is worth while for. */
  void gather(Startup.Opened opened) {
    while (step(opened)) {
      // The steps are short, so that others come by in between.
    }
  }

  /** How many blocks or rows are left, or null if that is not known. */
  @Nullable Long left() {
    return left;
  }
}
