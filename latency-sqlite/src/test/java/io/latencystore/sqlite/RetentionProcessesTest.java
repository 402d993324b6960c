package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.StoreLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Four processes that record in one file for {@code -Dlatency.processSeconds}, each with its
 * maintenance on, while what is old expires; one of them is killed.
 */
final class RetentionProcessesTest {

  private static final long SECONDS = Long.getLong("latency.processSeconds", 3);
  private static final int PROCESSES = 4;

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("latency.db");
  }

  private String url() {
    return "sqlite:" + file();
  }

  private SpoolProcess start(String name) throws Exception {
    SpoolProcess process =
        SpoolProcess.start(directory, "record-and-expire-until-told", url(), name, 0);
    process.awaitReady();
    return process;
  }

  @ParameterizedTest
  @EnumSource(StoreLayout.class)
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void nothingThatHasNotExpiredIsMissingAndNothingElseIsThere(StoreLayout layout) throws Exception {
    LatencyStore.builder(url()).layout(layout).open().close();
    List<SpoolProcess> processes = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(start("p" + i));
      }
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SECONDS) / 2);
      processes.get(0).kill();
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SECONDS) / 2);

      for (SpoolProcess process : processes.subList(1, PROCESSES)) {
        process.tellToEnd();
      }
      for (SpoolProcess process : processes.subList(1, PROCESSES)) {
        assertThat(process.awaitEnd()).isEqualTo("all committed");
      }

      SortedMap<Series, LatencySummary> stored = SpoolProcess.adopted(directory);
      for (SpoolProcess process : processes) {
        process.assertStored(stored);
      }
      assertThat(stored).doesNotContainKey(new Series(SpoolChild.OLD_SERIES, "command"));
      assertThat(RawSql.row(file(), "PRAGMA integrity_check")).containsExactly("ok");
    } finally {
      for (SpoolProcess process : processes) {
        process.close();
      }
    }
  }
}
