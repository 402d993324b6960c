package io.latencystore.policy;

import java.time.Duration;

/** See {@link BatchPolicy#upTo}. */
record UpTo(long measurements) implements BatchPolicy {

  @Override
  public Duration patience(PendingBatch batch) {
    return batch.measurements() >= measurements ? Duration.ZERO : Duration.ofDays(1);
  }
}
