package io.latencystore.testkit;

import java.security.SecureRandom;

/** The seed of a random test: another one each time, or the system property's. */
final class Seed {

  private static final String PROPERTY = "latency.testkit.seed";

  private Seed() {}

  static long next() {
    return Long.getLong(PROPERTY, new SecureRandom().nextLong());
  }

  /** How to run the same test again. */
  static String shown(long seed) {
    return "again with -D" + PROPERTY + "=" + seed;
  }
}
