package io.latencystore.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.latencystore.StoreUnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LockFileTest {

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder = Path.of("");

  private Path file() {
    return folder.resolve("latency.db-lock");
  }

  @Test
  void holdersWithinAClassLoaderShareIt() throws Exception {
    LockFile first = LockFile.open(file());
    try (LockFile second = LockFile.open(file())) {
      first.close();
      first.close();

      assertThat(second.alone(SHORT, () -> "done")).isEqualTo("done");
      assertThat(isRefusedBySecondClassLoader()).isTrue();
    }
    assertThat(isRefusedBySecondClassLoader()).isFalse();
  }

  @Test
  void aSecondClassLoaderIsRefusedUntilTheFirstLetsGo() throws Exception {
    try (LockFile lock = LockFile.open(file())) {
      assertThat(isRefusedBySecondClassLoader()).isTrue();
      assertThat(lock.alone(SHORT, () -> "still works")).isEqualTo("still works");
    }

    assertThat(isRefusedBySecondClassLoader()).isFalse();
  }

  @Test
  void theFirstClassLoaderIsRefusedWhileTheSecondHoldsIt() throws Exception {
    try (URLClassLoader loader = secondClassLoader()) {
      try (AutoCloseable held = openIn(loader)) {
        assertThat(held.getClass()).isNotEqualTo(LockFile.class);
        assertThatThrownBy(() -> LockFile.open(file()))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContainingAll(file().toRealPath().toString(), "class loader");
        assertThatThrownBy(() -> LockFile.refuseSecondClassLoader(file().toRealPath()))
            .isInstanceOf(StoreUnavailableException.class);
      }
    }

    LockFile.open(file()).close();
  }

  private boolean isRefusedBySecondClassLoader() throws Exception {
    try (URLClassLoader loader = secondClassLoader();
        AutoCloseable held = openIn(loader)) {
      return held == null;
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      assertThat(String.valueOf(cause)).contains("StoreUnavailableException", "class loader");
      return true;
    }
  }

  private static URLClassLoader secondClassLoader() {
    URL core = LockFile.class.getProtectionDomain().getCodeSource().getLocation();
    return new URLClassLoader(new URL[] {core}, ClassLoader.getPlatformClassLoader());
  }

  private AutoCloseable openIn(ClassLoader loader) throws ReflectiveOperationException {
    Class<?> lockFile = loader.loadClass(LockFile.class.getName());
    return (AutoCloseable) lockFile.getMethod("open", Path.class).invoke(null, file());
  }

  @Test
  void otherProcessesShareItButOneAtATimeIsAlone() throws Exception {
    try (LockFile lock = LockFile.open(file())) {
      try (OtherProcess other = new OtherProcess("alone", file())) {
        assertThatThrownBy(() -> lock.alone(SHORT, () -> "never"))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContainingAll(file().toRealPath().toString(), "another process");
        other.letGo();
        assertThat(lock.alone(LONG, () -> "done")).isEqualTo("done");
      }
    }
  }

  @Test
  void otherProcessesThatOnlyHaveItOpenAreNoHindrance() throws Exception {
    Files.createFile(file());
    try (OtherProcess other = new OtherProcess("open", file());
        LockFile lock = LockFile.open(file())) {
      assertThat(lock.alone(SHORT, () -> "done")).isEqualTo("done");
      other.letGo();
    }
  }

  @Test
  void aProcessThatMustBeAloneKeepsOthersOut() throws Exception {
    Files.createFile(file());
    try (OtherProcess other = new OtherProcess("restore", file())) {
      assertThatThrownBy(() -> LockFile.open(file()))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("must be alone");
      other.letGo();
      LockFile.open(file()).close();
    }
  }

  @Test
  void threadsOfOneProcessAreAloneOneAtATime() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (LockFile one = LockFile.open(file());
        LockFile other = LockFile.open(file())) {
      Future<Boolean> first =
          executor.submit(
              () ->
                  one.alone(
                      LONG,
                      () -> {
                        inside.countDown();
                        return leave.await(20, TimeUnit.SECONDS);
                      }));
      assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();

      assertThatThrownBy(() -> other.alone(SHORT, () -> "never"))
          .isInstanceOf(StoreUnavailableException.class);
      leave.countDown();
      assertThat(first.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(other.alone(SHORT, () -> "done")).isEqualTo("done");
    } finally {
      executor.shutdownNow();
    }
  }

  /** The next used to come in beside work that had been given up but not ended. */
  @Test
  void workThatIsStillDoneKeepsTheFileThoughThatIsClosed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      LockFile closed = LockFile.open(file());
      Future<String> work =
          executor.submit(
              () ->
                  closed.alone(
                      SHORT,
                      () -> {
                        begun.countDown();
                        end.await();
                        return "done";
                      }));
      begun.await();
      closed.close();

      try (LockFile next = LockFile.open(file())) {
        assertThatThrownBy(() -> next.alone(SHORT, () -> "beside it"))
            .isInstanceOf(StoreUnavailableException.class);
        end.countDown();
        assertThat(work.get()).isEqualTo("done");
        assertThat(next.alone(LONG, () -> "after it")).isEqualTo("after it");
      }
      assertThat(isRefusedBySecondClassLoader()).isFalse();
    } finally {
      end.countDown();
      executor.shutdownNow();
    }
  }

  @Test
  void ofSeveralProcessesOneAtATimeHasItsTurn() throws Exception {
    try (LockFile lock = LockFile.open(file())) {
      try (OtherProcess other = new OtherProcess("in-turn", file())) {
        assertThat(lock.tryInTurn(() -> {})).isFalse();
        assertThat(lock.alone(SHORT, () -> "that is another lock")).isNotNull();
        other.letGo();
        assertThat(lock.tryInTurn(() -> {})).isTrue();
      }
    }
  }

  @Test
  void ofSeveralHoldersInAProcessOneAtATimeHasItsTurn() throws Exception {
    AtomicReference<Boolean> inner = new AtomicReference<>();
    try (LockFile one = LockFile.open(file());
        LockFile other = LockFile.open(file())) {
      assertThat(
              one.tryInTurn(
                  () -> {
                    try {
                      inner.set(other.tryInTurn(() -> {}));
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }))
          .isTrue();
      assertThat(inner.get()).isFalse();
      assertThatThrownBy(
              () ->
                  one.tryInTurn(
                      () -> {
                        throw new IllegalStateException("on purpose");
                      }))
          .hasMessage("on purpose");
      assertThat(other.tryInTurn(() -> {})).isTrue();
    }
  }

  @Test
  void workThatFailsLetsGo() throws Exception {
    try (LockFile lock = LockFile.open(file())) {
      assertThatThrownBy(
              () ->
                  lock.alone(
                      SHORT,
                      () -> {
                        throw new IOException("on purpose");
                      }))
          .isInstanceOf(IOException.class)
          .hasMessage("on purpose");

      assertThat(lock.alone(SHORT, () -> "done")).isEqualTo("done");
    }
  }

  @Test
  void theFileStaysWhenItIsClosed() throws Exception {
    LockFile.open(file()).close();

    assertThat(file()).exists();
  }

  /** A JVM that runs {@link LockFileProgram}. */
  private static final class OtherProcess implements AutoCloseable {

    private final Process process;

    OtherProcess(String how, Path file) throws IOException, URISyntaxException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx32m",
                  "-cp",
                  placeOf(LockFile.class) + File.pathSeparator + placeOf(LockFileProgram.class),
                  LockFileProgram.class.getName(),
                  how,
                  file.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.getInputStream().read()).as("the other process holds it").isEqualTo(1);
    }

    private static String placeOf(Class<?> type) throws URISyntaxException {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    void letGo() throws IOException, InterruptedException {
      process.getOutputStream().close();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
