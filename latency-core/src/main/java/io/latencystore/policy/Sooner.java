package io.latencystore.policy;

import java.time.Duration;

/** See {@link BatchPolicy#or}. */
record Sooner(BatchPolicy one, BatchPolicy other) implements BatchPolicy {

  @Override
  public Duration patience(PendingBatch batch) {
    Duration first = one.patience(batch);
    Duration second = other.patience(batch);
    return first.compareTo(second) <= 0 ? first : second;
  }
}
