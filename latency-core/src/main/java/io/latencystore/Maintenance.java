package io.latencystore;

/**
 * Work on what is stored already. The store does it by itself now and then, on a thread of its own;
 * what is called here happens at once and on the caller's thread, in small steps that let recording
 * and questions by. Safe for use by any thread; of all processes that share a database one at a
 * time does such work, and the others wait their turn.
 */
public interface Maintenance {

  /**
   * Merges small blocks into fewer, wherever their hour, day or 32 days are past: what was recorded
   * a little at a time then takes as little room, and is read as fast, as what was loaded at once.
   * Answers stay what they were. Does nothing to plain rows.
   *
   * @throws StoreException if the database fails, or another process is at its maintenance for more
   *     than a minute; what was merged by then stays so
   */
  CompactionReport compact();

  /**
   * What {@link #compact} would do, to begin with: what it merges may be so little that it is
   * merged once more, with others of the same day or month. Changes nothing.
   *
   * @throws StoreException if the database fails
   */
  CompactionReport planCompaction();
}
