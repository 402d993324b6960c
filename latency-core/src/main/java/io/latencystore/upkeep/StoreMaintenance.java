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
import java.time.Duration;

/**
 * Retention, the gathering of strays and compaction of one store: what its upkeep does by itself,
 * and what is done at once.
 */
public final class StoreMaintenance implements Maintenance {

  private final Database database;
  private final StoreOptions options;
  private final DatabaseAccess access;
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
    this.upkeep = new Upkeep(database, options, startup, watch);
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
    return access.apply(opened -> upkeep.inTurn(() -> retention().apply(opened, policy)));
  }

  @Override
  public RetentionReport planRetention() {
    return planRetention(policy());
  }

  @Override
  public RetentionReport planRetention(RetentionPolicy policy) {
    return access.apply(opened -> retention().plan(opened, policy));
  }

  private Retention retention() {
    return upkeep.chores().retention();
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
    Gathering gathering = upkeep.chores().gathering();
    if (gathering != null) {
      gathering.gather(opened);
    }
    return upkeep.chores().compacting().compact(opened);
  }

  @Override
  public CompactionReport planCompaction() {
    return access.apply(upkeep.chores().compacting()::plan);
  }

  /** What is known here of the upkeep. */
  public MaintenanceStats stats() {
    Chores chores = upkeep.chores();
    Gathering gathering = chores.gathering();
    MaintenanceStats known = chores.retention().stats();
    return new MaintenanceStats(
        known.watermark(),
        known.oldest(),
        known.lastRetention(),
        chores.compacting().lastRun(),
        gathering == null ? null : gathering.left());
  }
}
