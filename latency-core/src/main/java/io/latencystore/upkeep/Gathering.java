package io.latencystore.upkeep;

import io.latencystore.MaintenanceStep;
import io.latencystore.layout.Startup;
import io.latencystore.sql.Strays;
import org.jspecify.annotations.Nullable;

/**
 * Moves strays to where they belong, as far as that is worth while: as a chore, which looks less
 * and less often at those that it could not move, and on demand.
 */
final class Gathering implements Chore {

  /** So many rounds go by at most. */
  private static final int MOST_PASSED_OVER = 15;

  private final Strays strays;
  private final MaintenanceSteps steps;
  private long lookedAt;
  private int pause;
  private int passOver;
  private volatile @Nullable Long left;

  Gathering(Strays strays, MaintenanceSteps steps) {
    this.strays = strays;
    this.steps = steps;
  }

  @Override
  public boolean step(Startup.Opened opened) {
    long found = count(opened);
    if (found != lookedAt) {
      pause = 0;
    } else if (passOver > 0) {
      passOver--;
      return false;
    }
    if (found > 0 && move(opened) > 0) {
      return true;
    }
    lookedAt = found;
    passOver = pause;
    pause = Math.min(MOST_PASSED_OVER, 2 * pause + 1);
    return false;
  }

  /** Moves all that it is worth while for. */
  void gather(Startup.Opened opened) {
    while (count(opened) > 0 && move(opened) > 0) {
      // The steps are short, so that others come by in between.
    }
  }

  private long count(Startup.Opened opened) {
    long found = opened.connections().read(session -> strays.count(session.connection()));
    left = found;
    return found;
  }

  private long move(Startup.Opened opened) {
    return steps.take(
        MaintenanceStep.Kind.GATHER,
        () -> opened.connections().maintain(session -> strays.gather(session.connection())));
  }

  /** How many blocks or rows are left, or null if that is not known. */
  @Nullable Long left() {
    return left;
  }
}
