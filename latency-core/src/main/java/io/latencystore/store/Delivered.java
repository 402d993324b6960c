package io.latencystore.store;

import java.util.concurrent.atomic.LongAdder;

/**
 * How many measurements of spools were dealt with, by what became of them.
 *
 * @param committed they are stored
 * @param refused the database refused them, and they were put aside
 * @param expired they came too late to be stored
 */
record Delivered(LongAdder committed, LongAdder refused, LongAdder expired) {

  Delivered() {
    this(new LongAdder(), new LongAdder(), new LongAdder());
  }

  /** How many were dealt with. */
  long total() {
    return committed.sum() + refused.sum() + expired.sum();
  }
}
