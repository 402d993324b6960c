package io.latencystore.compaction;

import io.latencystore.CompactionReport;
import io.latencystore.StoreCorruptException;
import io.latencystore.block.Block;
import io.latencystore.block.BlockMerger;
import io.latencystore.layout.InsertBlocks;
import io.latencystore.spool.Failpoint;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import io.latencystore.sql.Session;
import io.latencystore.sql.StateWatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts fewer blocks in the place of many.
 *
 * <ol>
 *   <li>They are read in one snapshot, as many as the last time says can be written in {@value
 *       #WRITING_MILLIS} ms.
 *   <li>Outside any transaction they are merged and checked. Those that do not become fewer are
 *       left as they are, and so is a block that is damaged, which is reported once.
 *   <li>One transaction inserts the new ones and deletes those that were read. If some are gone,
 *       because somebody else has merged or deleted them, it is undone.
 * </ol>
 *
 * <p>For one thread.
 */
public final class BlockMerging {

  /** Whether blocks are merged, or only counted that would be. */
  public enum Mode {
    MERGE,
    DRY_RUN
  }

  private static final int WRITING_MILLIS = 20;
  private static final long WRITING_NANOS = Duration.ofMillis(WRITING_MILLIS).toNanos();
  private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();
  private static final int FIRST_BATCH = 256;
  private static final int SMALLEST_BATCH = 16;
  private static final int LARGEST_BATCH = 4_096;
  private static final int MOST_BYTES = 8 << 20;

  private final Mode mode;
  private final StateWatch watch;
  private final SelectWholeBlocks selectBlocks;
  private final InsertBlocks insertBlocks;
  private final DeleteMergedBlocks deleteBlocks;
  private final BlockMerger merger = new BlockMerger();
  private final Set<Long> damaged = new HashSet<>();
  private final Set<Slot> madeIn = new HashSet<>();
  private int batch = FIRST_BATCH;
  private long merged;
  private long made;
  private long measurements;

  /**
   * Merging of which nothing is done yet.
   *
   * @param watch told of blocks that are damaged
   */
  public BlockMerging(Database database, Mode mode, StateWatch watch) {
    this.mode = mode;
    this.watch = watch;
    this.selectBlocks = new SelectWholeBlocks(database);
    this.insertBlocks = new InsertBlocks(database);
    this.deleteBlocks = new DeleteMergedBlocks(database);
  }

  /** Those that are not known to be damaged. */
  List<SmallBlock> undamaged(List<SmallBlock> blocks) {
    return blocks.stream().filter(block -> !damaged.contains(block.id())).toList();
  }

  /**
   * Merges some of the groups of blocks that are next, each of one series and outcome.
   *
   * @return whether there are other blocks now
   */
  boolean run(Connections connections, Slot slot, Deque<List<SmallBlock>> groups) {
    long start = System.nanoTime();
    List<List<StoredBlock>> read = connections.read(session -> read(session, slot, groups));
    List<Merge> merges = new ArrayList<>();
    for (List<StoredBlock> group : read) {
      merge(group, merges);
    }
    if (merges.isEmpty()) {
      return false;
    }
    if (mode == Mode.MERGE && !write(connections, merges, start)) {
      return true;
    }
    for (Merge merge : merges) {
      merged += merge.read().size();
      made += merge.made().size();
      measurements += merge.measurements();
    }
    if (mode == Mode.DRY_RUN) {
      return false;
    }
    for (Merge merge : merges) {
      merge.made().forEach(block -> madeIn.add(Slot.of(block.header())));
    }
    return true;
  }

  /** The slots in which blocks were made, each named once. */
  Set<Slot> takeMadeIn() {
    Set<Slot> taken = Set.copyOf(madeIn);
    madeIn.clear();
    return taken;
  }

  private List<List<StoredBlock>> read(Session session, Slot slot, Deque<List<SmallBlock>> groups)
      throws SQLException {
    List<List<StoredBlock>> read = new ArrayList<>();
    int rows = 0;
    long bytes = 0;
    while (!groups.isEmpty() && rows < batch - 1 && bytes < MOST_BYTES) {
      List<SmallBlock> group = groups.remove();
      List<StoredBlock> blocks = new ArrayList<>();
      int taken = 0;
      while (taken < group.size() && rows < batch && bytes < MOST_BYTES) {
        int next =
            Math.min(group.size(), taken + Math.min(SelectWholeBlocks.AT_ONCE, batch - rows));
        List<StoredBlock> some = selectBlocks.run(session, slot, group.subList(taken, next));
        rows += next - taken;
        taken = next;
        bytes += some.stream().mapToLong(stored -> bytes(stored.block())).sum();
        blocks.addAll(some);
      }
      read.add(blocks);
      if (taken < group.size()) {
        groups.addFirst(group.subList(taken, group.size()));
      }
    }
    return read;
  }

  private static long bytes(Block block) {
    byte[] metadata = block.metadata();
    return block.payload().length + (metadata == null ? 0L : metadata.length);
  }

  private void merge(List<StoredBlock> group, List<Merge> merges) {
    List<StoredBlock> sound = new ArrayList<>();
    merger.clear();
    for (StoredBlock stored : group) {
      try {
        merger.add(stored.block());
        sound.add(stored);
      } catch (StoreCorruptException e) {
        if (damaged.add(stored.id())) {
          watch.report(
              "block " + stored.id() + " is damaged and stays as it is: " + e.getMessage());
        }
      }
    }
    if (sound.size() > 1) {
      List<Block> fewer = merger.merge();
      if (fewer.size() < sound.size()) {
        merges.add(new Merge(sound, fewer));
      }
    }
  }

  /** Some blocks are not there any more. */
  private static final class GoneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    GoneException() {
      super("some of the blocks are gone", null, false, false);
    }
  }

  private boolean write(Connections connections, List<Merge> merges, long start) {
    List<StoredBlock> old = merges.stream().flatMap(merge -> merge.read().stream()).toList();
    List<Block> fresh = merges.stream().flatMap(merge -> merge.made().stream()).toList();
    long[] writing = new long[1];
    try {
      connections.write(
          session -> {
            writing[0] = System.nanoTime();
            insertBlocks.run(session, fresh);
            Failpoint.pass("merging");
            if (deleteBlocks.run(session, old) != old.size()) {
              throw new GoneException();
            }
            Failpoint.pass("merged");
            return true;
          });
    } catch (GoneException e) {
      return false;
    }
    Failpoint.pass("compacted");
    long end = System.nanoTime();
    adapt(
        Math.max((end - writing[0]) / (double) WRITING_NANOS, (end - start) / (double) STEP_NANOS));
    return true;
  }

  /** Takes more the next time if this was quick, and less if it was slow. */
  private void adapt(double timeTaken) {
    double factor = Math.min(2, Math.max(0.25, 1 / timeTaken));
    batch = (int) Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, batch * factor));
  }

  /** What was merged so far. */
  CompactionReport result() {
    return new CompactionReport(merged, made, measurements, damaged.size());
  }
}
