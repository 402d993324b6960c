package io.latencystore.upkeep;

import io.latencystore.CompactionReport;
import io.latencystore.MaintenanceStep;
import io.latencystore.compaction.BlockMerging;
import io.latencystore.compaction.Compaction;
import io.latencystore.layout.Startup;
import io.latencystore.sql.Database;
import io.latencystore.sql.StateWatch;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Compaction as a chore, which remembers what it has looked at, and on demand, when it looks at
 * everything. A store of plain rows has no blocks, so there is nothing to do.
 */
final class Compacting implements Chore {

  private final Database database;
  private final Clock clock;
  private final StateWatch watch;
  private final MaintenanceSteps steps;
  private @Nullable Compaction current;
  private Startup.@Nullable Opened compacted;
  private boolean begun;
  private volatile @Nullable Instant lastRun;

  Compacting(Database database, Clock clock, MaintenanceSteps steps, StateWatch watch) {
    this.database = database;
    this.clock = clock;
    this.watch = watch;
    this.steps = steps;
  }

  @Override
  public boolean step(Startup.Opened opened) {
    Compaction compaction = current;
    if (compaction == null || !opened.equals(compacted)) {
      compaction = compaction(BlockMerging.Mode.MERGE);
      current = compaction;
      compacted = opened;
      begun = false;
    }
    if (!begun) {
      compaction.begin(opened.connections());
      begun = true;
      return true;
    }
    begun = step(compaction, opened);
    return begun;
  }

  private Compaction compaction(BlockMerging.Mode mode) {
    return new Compaction(database, new BlockMerging(database, mode, watch), clock);
  }

  private boolean step(Compaction compaction, Startup.Opened opened) {
    boolean[] more = new boolean[1];
    long before = compaction.result().merged();
    steps.take(
        MaintenanceStep.Kind.COMPACT,
        () -> {
          more[0] = compaction.step(opened.connections());
          return compaction.result().merged() - before;
        });
    if (!more[0]) {
      lastRun = clock.instant();
    }
    return more[0];
  }

  /** Merges all that can be merged. */
  CompactionReport compact(Startup.Opened opened) {
    Compaction compaction = compaction(BlockMerging.Mode.MERGE);
    compaction.begin(opened.connections());
    boolean more = true;
    while (more) {
      more = step(compaction, opened);
    }
    return compaction.result();
  }

  /** Looks at all that can be merged, and changes nothing. */
  CompactionReport plan(Startup.Opened opened) {
    Compaction compaction = compaction(BlockMerging.Mode.DRY_RUN);
    compaction.begin(opened.connections());
    boolean more = true;
    while (more) {
      more = compaction.step(opened.connections());
    }
    return compaction.result();
  }

  /** When there was nothing left to compact, or null if that is not known. */
  @Nullable Instant lastRun() {
    return lastRun;
  }
}
