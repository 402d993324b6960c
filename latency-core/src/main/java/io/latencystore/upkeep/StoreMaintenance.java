package io.latencystore.upkeep;

import io.latencystore.CompactionReport;
import io.latencystore.Maintenance;
import io.latencystore.MaintenanceStats;
import io.latencystore.RetentionReport;
import io.latencystore.StoreOptions;
import io.latencystore.layout.DatabaseAccess;
import io.latencystore.layout.Startup;
import io.latencystore.policy.RetentionPolicy;
import io.latencystore.sql.Database;
import io.latencystore.sql.StateWatch;
import io.latencystore.sql.Strays;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Retention, the gathering of strays and compaction of one store: what its upkeep does by itself,
 * and what is done at once.
 */
public final class StoreMaintenance implements Maintenance {

  private final Database database;
  private final StoreOptions options;
  private final DatabaseAccess access;
  private final Retention retention;
  private final @Nullable Gathering gathering;
  private final Compacting compacting;
  private final Upkeep upkeep;

  /** Begins the upkeep of a store. */
  public StoreMaintenance(
      Database database,
      StoreOptions options,
      Startup startup,
      StateWatch watch,
      DatabaseAccess access) {
    this.database = database;
    this.options = options;
    this.access = access;
    MaintenanceSteps steps = new MaintenanceSteps(database.location(), watch);
    this.retention =
        new Retention(
            database, options.retention(), options.clock(), steps, watch, System::nanoTime);
    Strays strays = database.strays();
    this.gathering = strays == null ? null : new Gathering(strays, steps);
    this.compacting = new Compacting(database, options.clock(), watch);
    List<Chore> chores = new ArrayList<>();
    if (options.retention() != null) {
      chores.add(retention);
    }
    if (gathering != null) {
      chores.add(gathering);
    }
    chores.add(compacting);
    this.upkeep = new Upkeep(database, startup, watch, options.maintenanceInterval(), chores);
  }

  /** Lets what it does by itself come to an end after the step that it is at. */
  public void end() {
    upkeep.end();
  }

  /** Waits for that end, up to a time; returns whether it came. */
  public boolean awaitEnd(Duration timeout) {
    return upkeep.awaitEnd(timeout);
  }

  @Override
  public RetentionReport applyRetention() {
    return applyRetention(policy());
  }

  @Override
  public RetentionReport applyRetention(RetentionPolicy policy) {
    return access.apply(opened -> upkeep.inTurn(() -> retention.apply(opened, policy)));
  }

  @Override
  public RetentionReport planRetention() {
    return planRetention(policy());
  }

  @Override
  public RetentionReport planRetention(RetentionPolicy policy) {
    return access.apply(opened -> retention.plan(opened, policy));
  }

  private RetentionPolicy policy() {
    RetentionPolicy policy = options.retention();
    if (policy == null) {
      throw new IllegalStateException(
          "the store on "
              + database.location()
              + " has no retention policy; open it with retention(…), or name one here");
    }
    return policy;
  }

  @Override
  public CompactionReport compact() {
    return access.apply(opened -> upkeep.inTurn(() -> compact(opened)));
  }

  private CompactionReport compact(Startup.Opened opened) {
    if (gathering != null) {
      gathering.gather(opened);
    }
    return compacting.compact(opened);
  }

  @Override
  public CompactionReport planCompaction() {
    return access.apply(compacting::plan);
  }

  /** What is known here of the upkeep. */
  public MaintenanceStats stats() {
    MaintenanceStats known = retention.stats();
    return new MaintenanceStats(
        known.watermark(),
        known.oldest(),
        known.lastRetention(),
        compacting.lastRun(),
        gathering == null ? null : gathering.left());
  }
}
