package io.latencystore;

import io.latencystore.policy.RetentionPolicy;

/**
 * Work on what is stored already. The store does it by itself now and then, on a thread of its own;
 * what is called here happens at once and on the caller's thread, in small steps that let recording
 * and questions by. Safe for use by any thread; of all processes that share a database one at a
 * time does such work, and the others wait their turn, for up to a minute.
 */
public interface Maintenance {

  /**
   * Expires what the store's retention policy says, and deletes it. What would leap, and might be
   * the doing of a wrong clock, does not wait as it does otherwise: so this is for somebody who has
   * looked at {@link #planRetention()}.
   *
   * @throws IllegalStateException if the store was opened without a policy
   * @throws StoreUnavailableException if the database fails, or others are at such work for long;
   *     what was done by then stays done
   */
  RetentionReport applyRetention();

  /** The same with another policy, which holds this once. */
  RetentionReport applyRetention(RetentionPolicy policy);

  /**
   * What {@link #applyRetention()} would do now. Changes nothing.
   *
   * @throws IllegalStateException if the store was opened without a policy
   * @throws StoreUnavailableException if the database fails
   */
  RetentionReport planRetention();

  /** What {@link #applyRetention(RetentionPolicy)} would do now. Changes nothing. */
  RetentionReport planRetention(RetentionPolicy policy);

  /**
   * Merges small blocks into fewer, wherever their hour, day or 32 days are past, or a series has
   * many of them by now: what was recorded a little at a time then takes as little room, and is
   * read as fast, as what was loaded at once. Answers stay what they were. Before that, strays get
   * a partition of their own where that is worth while and nobody is in the way; see {@link
   * StoreCheck#strays}. Plain rows are not merged.
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
