package io.latencystore.upkeep;

import io.latencystore.StoreOptions;
import io.latencystore.sql.Database;
import io.latencystore.sql.StateWatch;
import io.latencystore.sql.Strays;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chores that a store has. */
final class Chores {

  private final Retention retention;
  private final @Nullable Gathering gathering;
  private final Compacting compacting;
  private final List<Chore> byThemselves = new ArrayList<>();

  Chores(Database database, StoreOptions options, StateWatch watch) {
    MaintenanceSteps steps = new MaintenanceSteps(database.location(), watch);
    this.retention =
        new Retention(
            database, options.retention(), options.clock(), steps, watch, System::nanoTime);
    Strays strays = database.strays();
    this.gathering = strays == null ? null : new Gathering(strays, steps);
    this.compacting = new Compacting(database, options.clock(), steps, watch);
    if (options.retention() != null) {
      byThemselves.add(retention);
    }
    if (gathering != null) {
      byThemselves.add(gathering);
    }
    byThemselves.add(compacting);
  }

  /** Those that are done without being asked for, in their order. */
  List<Chore> byThemselves() {
    return byThemselves;
  }

  Retention retention() {
    return retention;
  }

  /** The gathering of strays, or null where there can be none. */
  @Nullable Gathering gathering() {
    return gathering;
  }

  Compacting compacting() {
    return compacting;
  }
}
