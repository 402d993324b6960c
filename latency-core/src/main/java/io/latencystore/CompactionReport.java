package io.latencystore;

/**
 * What a compaction did, or would do.
 *
 * @param merged how many small blocks were merged
 * @param made how many blocks hold their measurements now
 * @param measurements how many measurements those are
 * @param damaged how many blocks were found damaged, and left as they are
 */
public record CompactionReport(long merged, long made, long measurements, long damaged) {

  /** By how many there are fewer blocks. */
  public long fewer() {
    return merged - made;
  }
}
