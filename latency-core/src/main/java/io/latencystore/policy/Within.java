package io.latencystore.policy;

import java.time.Duration;

/** See {@link BatchPolicy#within}. */
record Within(Duration age) implements BatchPolicy {

  @Override
  public Duration patience(PendingBatch batch) {
    return age.minus(batch.age());
  }
}
