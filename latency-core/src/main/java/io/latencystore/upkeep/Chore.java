package io.latencystore.upkeep;

import io.latencystore.layout.Startup;

/**
 * Something to be done now and then to what is stored, in steps that are short, and of which each
 * leaves the database whole. For one thread at a time.
 */
interface Chore {

  /**
   * Takes the next step, if there is one to take.
   *
   * @return whether there may be another
   * @throws io.latencystore.StoreException if the database fails; the next round begins anew
   */
  boolean step(Startup.Opened opened);
}
