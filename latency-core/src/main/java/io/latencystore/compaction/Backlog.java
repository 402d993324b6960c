package io.latencystore.compaction;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;

import io.latencystore.block.Level;
import io.latencystore.sql.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Record2;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The slots into which blocks have come that compaction has not looked at, up to 32 days: those are
 * found by the ids of blocks, which ascend. A slot waits here until it is closed; while it is open,
 * it is named each time that blocks have come. For one thread.
 */
final class Backlog {

  /** The highest level on which blocks are merged; on PostgreSQL a partition is one slot of it. */
  static final Level TOP = Level.DAYS_32;

  /** Blocks become visible so much out of the order of their ids, at most. */
  private static final long DISORDER = 10_000;

  private static final long NOTHING = -1;

  private final List<TreeSet<Long>> waiting = new ArrayList<>();
  private final Queue<Slot> grown = new ArrayDeque<>();
  private long seen = NOTHING;

  /** A backlog of everything there is. */
  Backlog() {
    for (int number = 0; number <= TOP.number(); number++) {
      waiting.add(new TreeSet<>());
    }
  }

  /** Looks for blocks that have come since the last time. */
  void lookForMore(Session session) {
    grown.clear();
    Long last =
        session.dsl().select(DSL.max(LATENCY_BLOCK.ID)).from(LATENCY_BLOCK).fetchOne(0, Long.class);
    if (last == null || last == seen) {
      return;
    }
    Set<Slot> slots = new LinkedHashSet<>();
    // Ids that went back are those of a database that was restored.
    if (seen == NOTHING || last < seen) {
      session
          .dsl()
          .selectDistinct(LATENCY_BLOCK.LEVEL, LATENCY_BLOCK.SLOT)
          .from(LATENCY_BLOCK)
          .fetch()
          .forEach(row -> slots.add(slot(row)));
    } else {
      session
          .dsl()
          .select(LATENCY_BLOCK.LEVEL, LATENCY_BLOCK.SLOT)
          .from(LATENCY_BLOCK)
          .where(LATENCY_BLOCK.ID.gt(seen - DISORDER))
          .orderBy(LATENCY_BLOCK.ID)
          .fetch()
          .forEach(row -> slots.add(slot(row)));
    }
    slots.forEach(this::add);
    seen = last;
  }

  private static Slot slot(Record2<Long, Long> row) {
    return new Slot(Level.of(row.value1().intValue()), row.value2());
  }

  /** Adds a slot into which blocks have come, and those above in which it lies. */
  void add(Slot slot) {
    if (slot.level().number() <= TOP.number()) {
      grown.add(slot);
    }
    for (int number = slot.level().number(); number <= TOP.number(); number++) {
      waiting.get(number).add(Level.of(number).slotOf(slot.firstMicros()));
    }
  }

  /**
   * The next slot that ends before a moment, which waits no longer: the lower levels first, since
   * what they leave goes up.
   */
  @Nullable Slot next(long closedBefore) {
    for (int number = 0; number <= TOP.number(); number++) {
      TreeSet<Long> slots = waiting.get(number);
      if (!slots.isEmpty() && Level.of(number).lastMicrosOf(slots.first()) < closedBefore) {
        return new Slot(Level.of(number), slots.pollFirst());
      }
    }
    return null;
  }

  /** The next slot into which blocks have come and that does not end before a moment. */
  @Nullable Slot nextOpen(long closedBefore) {
    Slot next = grown.poll();
    while (next != null && next.lastMicros() < closedBefore) {
      next = grown.poll();
    }
    return next;
  }
}
