package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes at one file. */
@Timeout(120)
final class SqliteProcessesTest {

  @TempDir Path directory;
  private Path file;
  private String url;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("latency.db");
    url = "sqlite:" + file;
  }

  @Test
  void threeProcessesThatStartAtOnceAllRecord() throws Exception {
    List<Child> children = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        children.add(Child.start("record", url, "process-" + i, "1000"));
      }
      for (Child child : children) {
        child.awaitLine("ready");
      }
      for (Child child : children) {
        child.go();
      }
      for (Child child : children) {
        assertThat(child.awaitEnd()).isEmpty();
      }
    } finally {
      for (Child child : children) {
        child.close();
      }
    }

    try (LatencyStore store = LatencyStore.open(url)) {
      var summaries = store.summarizeByComponent(LatencyQuery.all());
      assertThat(summaries.keySet()).containsExactly("process-0", "process-1", "process-2");
      assertThat(summaries.values()).extracting(LatencySummary::count).containsOnly(1_000L);
      assertThat(store.check().schemaVersion()).matches("\\d+");
    }
    assertThat(RawSql.row(file, "PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void anAppendWaitsForAnotherProcessThatWrites() throws Exception {
    try (LatencyStore store = LatencyStore.open(url);
        Child child = Child.start("lock", file.toString())) {
      child.awaitLine("ready");
      FutureTask<Long> append =
          new FutureTask<>(() -> store.append(Numbered.measurements(0, 1_000)));
      new Thread(append, "append").start();

      assertThatExceptionOfType(TimeoutException.class)
          .as("the lock is held")
          .isThrownBy(() -> append.get(1_500, TimeUnit.MILLISECONDS));
      store.recorder("other", "series").record(Numbered.NOON, 1);
      child.go();

      assertThat(append.get(20, TimeUnit.SECONDS)).isEqualTo(1_000);
      child.awaitEnd();
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(1_001);
    }
  }

  @Test
  void questionsAreAnsweredWhileAnotherProcessWrites() throws Exception {
    try (LatencyStore store = LatencyStore.open(url)) {
      store.append(Numbered.measurements(0, 10));
      try (Child child = Child.start("lock", file.toString())) {
        child.awaitLine("ready");

        assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(10);

        child.go();
        child.awaitEnd();
      }
    }
  }

  @Test
  void aProcessThatIsKilledWhileItAppendsLeavesWholeBatches() throws Exception {
    int batch = 500;
    try (LatencyStore store = LatencyStore.open(url);
        Child child = Child.start("append-for-ever", url, Integer.toString(batch))) {
      Await.until(
          "some batches are stored",
          Duration.ofSeconds(60),
          () -> store.summarize(LatencyQuery.all().withoutPercentiles()).count() >= 10L * batch);

      child.kill();

      long count = store.summarize(LatencyQuery.all()).count();
      assertThat(count % batch).isZero();
      try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
        assertThat(all.toList().equals(Numbered.measurements(0, count))).isTrue();
      }
      assertThat(store.append(Numbered.measurements(count, count + 10))).isEqualTo(10);
    }
    assertThat(RawSql.row(file, "PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void everyFileIsForItsOwnerAloneWhateverTheUmask() throws Exception {
    try (Child child = Child.startWithoutUmask("hold", url)) {
      child.awaitLine("ready");

      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files.toList())
            .extracting(found -> found.getFileName().toString())
            .containsExactlyInAnyOrder(
                "latency.db",
                "latency.db-wal",
                "latency.db-shm",
                "latency.db.lock",
                "latency.db.spool");
      }
      try (Stream<Path> files = Files.walk(directory).skip(1)) {
        for (Path found : files.toList()) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(found)))
              .as("%s", found.getFileName())
              .isEqualTo(Files.isDirectory(found) ? "rwx------" : "rw-------");
        }
      }
      child.go();
      child.awaitEnd();
    }
  }

  @Test
  void nothingIsPrintedWithALoggingBinding() throws Exception {
    Path error = directory.resolve("stderr");
    try (Child child = Child.start(error, Child.classPath(), "use-everything", url)) {
      assertThat(child.awaitEnd()).isEmpty();
    }

    assertThat(Files.readString(error)).isEmpty();
  }

  @Test
  void withoutALoggingBindingOnlySlf4jSaysSo() throws Exception {
    Path error = directory.resolve("stderr");
    String classPath = Child.classPathWithout("slf4j-nop");
    assertThat(classPath).isNotEqualTo(Child.classPath());

    try (Child child = Child.start(error, classPath, "use-everything", url)) {
      assertThat(child.awaitEnd()).isEmpty();
    }

    assertThat(Files.readAllLines(error))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).startsWith("SLF4J"));
  }
}
