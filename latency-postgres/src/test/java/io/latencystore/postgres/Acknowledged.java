package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencySummary;
import io.latencystore.Series;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far each thread of a process was told that what it recorded is kept, in its own series and in
 * shared ones, and how much was merged: in a mapped file, which survives the process.
 */
final class Acknowledged {

  private static final int LINE = 64;

  private final MappedByteBuffer buffer;
  private final int threads;

  private Acknowledged(MappedByteBuffer buffer, int threads) {
    this.buffer = buffer;
    this.threads = threads;
  }

  static Acknowledged in(Path file, int threads) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new Acknowledged(channel.map(MapMode.READ_WRITE, 0, (long) LINE * threads), threads);
    }
  }

  void setOwn(int thread, long number) {
    buffer.putLong(thread * LINE, number);
  }

  void setShared(int thread, long number) {
    buffer.putLong(thread * LINE + Long.BYTES, number);
  }

  /** Notes that maintenance has merged so many blocks. */
  void addMerged(long blocks) {
    buffer.putLong(2 * Long.BYTES, merged() + blocks);
  }

  long merged() {
    return buffer.getLong(2 * Long.BYTES);
  }

  long own() {
    long total = 0;
    for (int thread = 0; thread < threads; thread++) {
      total += buffer.getLong(thread * LINE);
    }
    return total;
  }

  long shared() {
    long total = 0;
    for (int thread = 0; thread < threads; thread++) {
      total += buffer.getLong(thread * LINE + Long.BYTES);
    }
    return total;
  }

  /** {@link #assertStored(String, long, Map, String)} where nothing has expired. */
  void assertStored(String name, Map<Series, LatencySummary> stored, String run) {
    assertStored(name, 1, stored, run);
  }

  /**
   * Asserts that of each thread exactly the numbers from the first that has not expired are stored:
   * up to what was acknowledged, and at most one measurement more, whose acknowledgement a killed
   * process did not live to note.
   */
  void assertStored(String name, long first, Map<Series, LatencySummary> stored, String run) {
    for (int thread = 0; thread < threads; thread++) {
      Series series = new Series(RecordingChild.series(name, thread), "command");
      long acknowledged = buffer.getLong(thread * LINE);
      long begin = Math.min(first, acknowledged + 2);
      @Nullable LatencySummary summary = stored.get(series);
      long count = summary == null ? 0 : summary.count();
      long last = begin - 1 + count;
      assertThat(last).as("%s %s", series, run).isBetween(acknowledged, acknowledged + 1);
      if (summary != null) {
        assertThat(summary.sumMicros())
            .as("%s %s", series, run)
            .isEqualTo(BigInteger.valueOf(count * (begin + last) / 2));
        assertThat(summary.max().orElseThrow().toNanos() / 1_000)
            .as("%s %s", series, run)
            .isEqualTo(last);
      }
    }
  }
}
