package io.latencystore.compaction;

import io.latencystore.CompactionReport;
import io.latencystore.Micros;
import io.latencystore.layout.SelectCutoffs;
import io.latencystore.layout.StoredBlocks;
import io.latencystore.layout.Stretch;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Merges small blocks into fewer, a bounded step at a time.
 *
 * <ol>
 *   <li>A slot is closed once both the clock and the newest data are past its end, so that neither
 *       a clock nor a measurement that is wrong by years closes the present.
 *   <li>In a closed slot the small blocks of each series and outcome are found by their headers,
 *       and with them what is so little in the slots below that it goes up; see {@link
 *       SmallBlocksOfSlot} and {@link SmallBlock#worthMerging}.
 *   <li>In a slot that is open, only what has come to be {@value #MANY} of them; so each
 *       measurement is merged a few times instead of once, but the present is read as fast as the
 *       past.
 *   <li>Some of them at a time are merged, see {@link BlockMerging}, until none are left; then
 *       comes the next slot.
 * </ol>
 *
 * <p>Every merge makes blocks fewer, so it ends. What has expired is left to retention. For one
 * thread.
 */
public final class Compaction {

  private static final long MARGIN_MICROS = TimeUnit.MINUTES.toMicros(5);

  /** So many small blocks of one series and outcome are merged before their slot is closed. */
  static final int MANY = 16;

  private final Clock clock;
  private final BlockMerging merging;
  private final SmallBlocksOfSlot smallBlocks;
  private final SelectCutoffs selectCutoffs;
  private final Backlog backlog = new Backlog();
  private final Deque<List<SmallBlock>> queue = new ArrayDeque<>();
  private long closedBefore = Long.MIN_VALUE;
  private long expiredBefore = Long.MIN_VALUE;
  private @Nullable Slot slot;
  private boolean open;
  private long seriesAfter;
  private boolean lookAgain;
  private long mostChosen;

  /** A compaction that has looked at nothing yet. */
  public Compaction(Database database, BlockMerging merging, Clock clock) {
    this.clock = clock;
    this.merging = merging;
    this.smallBlocks = new SmallBlocksOfSlot(new SelectSmallBlocks(database));
    this.selectCutoffs = new SelectCutoffs(database.sqlDialect());
  }

  /** Looks for slots into which blocks have come since the last time, and for what is closed. */
  public void begin(Connections connections) {
    connections.read(
        session -> {
          backlog.lookForMore(session);
          expiredBefore = selectCutoffs.run(session).all();
          Stretch stored = StoredBlocks.span(session);
          long newest = stored == null ? Long.MIN_VALUE : stored.lastMicros();
          long past = Math.min(newest, Micros.ofTimestamp(clock.instant()));
          closedBefore = Math.max(past, Long.MIN_VALUE + MARGIN_MICROS) - MARGIN_MICROS;
          return true;
        });
  }

  /**
   * Looks through a slot, or merges some of its blocks.
   *
   * @return whether there may be more to do
   * @throws io.latencystore.StoreException if the database fails; the next step goes on
   */
  public boolean step(Connections connections) {
    Slot current = slot;
    if (current == null) {
      current = next();
      slot = current;
      seriesAfter = -1;
      mostChosen = Long.MAX_VALUE;
    }
    if (current == null) {
      return false;
    }
    if (queue.isEmpty()) {
      look(connections, current);
    } else {
      merge(connections, current);
    }
    if (queue.isEmpty() && !lookAgain) {
      goOn();
    }
    return true;
  }

  private @Nullable Slot next() {
    Slot closed = backlog.next(closedBefore);
    open = closed == null;
    return closed == null ? backlog.nextOpen(closedBefore) : closed;
  }

  private void look(Connections connections, Slot current) {
    connections.read(
        session -> {
          if (open) {
            smallBlocks.findMany(session, current, MANY, seriesAfter);
          } else {
            smallBlocks.find(session, current, seriesAfter);
          }
          return true;
        });
    lookAgain = false;
    long chosenInAll = 0;
    for (List<SmallBlock> found : smallBlocks.found()) {
      List<SmallBlock> chosen = SmallBlock.worthMerging(worthKeeping(found));
      if (chosen.size() >= (open ? MANY : 2)) {
        queue.add(chosen);
        chosenInAll += chosen.size();
      }
    }
    // What is left of merging is far less; the rest has come meanwhile, and has time.
    if (open && chosenInAll > mostChosen) {
      queue.clear();
    }
    mostChosen = chosenInAll / 2;
  }

  /** What is not damaged and not about to be deleted. */
  private List<SmallBlock> worthKeeping(List<SmallBlock> blocks) {
    return merging.undamaged(blocks).stream()
        .filter(block -> block.header().lastMicros() >= expiredBefore)
        .toList();
  }

  /**
   * What has been merged, or may have been when the database failed, is worth another look; and so
   * are the blocks that were made of it, which may lie on a level below.
   */
  private void merge(Connections connections, Slot current) {
    boolean changed = true;
    try {
      changed = merging.run(connections, current, queue);
    } finally {
      lookAgain |= changed;
    }
    for (Slot made : merging.takeMadeIn()) {
      if (made.level().number() < current.level().number()) {
        backlog.add(made);
      }
    }
  }

  /** Goes on with the slot's next series, or with the next slot. */
  private void goOn() {
    seriesAfter = smallBlocks.lastSeries();
    mostChosen = Long.MAX_VALUE;
    if (seriesAfter == Long.MAX_VALUE) {
      slot = null;
    }
  }

  /** What was merged so far. */
  public CompactionReport result() {
    return merging.result();
  }
}
