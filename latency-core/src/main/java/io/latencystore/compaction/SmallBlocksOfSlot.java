package io.latencystore.compaction;

import io.latencystore.block.Level;
import io.latencystore.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The small blocks of a slot, by series and outcome: those of its own level, and from the levels
 * below those of slots in which the series has so few that they need no slot to themselves. For one
 * thread.
 */
final class SmallBlocksOfSlot {

  /** A block is small that is less full than this; and so are the blocks of a slot together. */
  static final double SMALL = 0.5;

  /** With more blocks than this in a slot a series is not looked at when they would go up. */
  private static final long FEW = 4;

  /** How many blocks are remembered, unless a single series has more. */
  private static final int MANY = 20_000;

  /** Whose blocks are merged with one another. */
  private record Key(long seriesId, boolean success) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int bySeries = Long.compare(seriesId, other.seriesId);
      return bySeries == 0 ? Boolean.compare(success, other.success) : bySeries;
    }
  }

  private final SelectSmallBlocks select;
  private final SortedMap<Key, List<SmallBlock>> found = new TreeMap<>();
  private int size;
  private long lastSeries = Long.MAX_VALUE;

  SmallBlocksOfSlot(SelectSmallBlocks select) {
    this.select = select;
  }

  /** Looks for those of series with ids beyond {@code seriesAfter}. */
  void find(Session session, Slot slot, long seriesAfter) throws SQLException {
    // Where nothing comes up from below, one block has nothing to be merged with.
    findMany(session, slot, slot.level() == Level.HOUR ? 2 : 1, seriesAfter);
    for (int number = 0; number < slot.level().number(); number++) {
      Few few = new Few();
      select.run(session, Level.of(number), slot, 1, FEW, seriesAfter, few::add);
      few.end();
    }
  }

  /** The same, but only those of its own level, where a series has so many blocks of any size. */
  void findMany(Session session, Slot slot, long atLeast, long seriesAfter) throws SQLException {
    found.clear();
    size = 0;
    lastSeries = Long.MAX_VALUE;
    select.run(
        session,
        slot.level(),
        slot,
        atLeast,
        SelectSmallBlocks.ANY_NUMBER,
        seriesAfter,
        block -> block.fullness() >= SMALL || add(block));
  }

  /** Those of each series and outcome. */
  List<List<SmallBlock>> found() {
    return List.copyOf(found.values());
  }

  /** The last series of which all are found; there may be others beyond. */
  long lastSeries() {
    return lastSeries;
  }

  /** Adds a block; returns whether any of a later series would still be remembered. */
  private boolean add(SmallBlock block) {
    long seriesId = block.header().seriesId();
    if (seriesId > lastSeries) {
      return false;
    }
    found
        .computeIfAbsent(new Key(seriesId, block.header().success()), key -> new ArrayList<>())
        .add(block);
    size++;
    while (size > MANY && found.firstKey().seriesId() < found.lastKey().seriesId()) {
      forgetLastSeries();
    }
    return true;
  }

  private void forgetLastSeries() {
    long forgotten = found.lastKey().seriesId();
    while (found.lastKey().seriesId() == forgotten) {
      List<SmallBlock> blocks = found.remove(found.lastKey());
      size -= blocks == null ? 0 : blocks.size();
    }
    lastSeries = found.lastKey().seriesId();
  }

  /** The blocks of one series in one slot at a time: added if together they are small. */
  private final class Few {

    private final Map<Boolean, List<SmallBlock>> byOutcome = new TreeMap<>();
    private long slot;
    private long seriesId = -1;

    boolean add(SmallBlock block) {
      if (block.header().slot() != slot || block.header().seriesId() != seriesId) {
        end();
        slot = block.header().slot();
        seriesId = block.header().seriesId();
      }
      byOutcome.computeIfAbsent(block.header().success(), outcome -> new ArrayList<>()).add(block);
      return true;
    }

    void end() {
      for (List<SmallBlock> blocks : byOutcome.values()) {
        if (blocks.stream().mapToDouble(SmallBlock::fullness).sum() < SMALL) {
          blocks.forEach(SmallBlocksOfSlot.this::add);
        }
      }
      byOutcome.clear();
    }
  }
}
