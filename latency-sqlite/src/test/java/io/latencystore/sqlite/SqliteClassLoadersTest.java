package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreUnavailableException;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two copies of the library in one process, as plug-ins of one host may bring. */
final class SqliteClassLoadersTest {

  @TempDir Path directory;

  private static URLClassLoader anotherCopy() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : Child.classPath().split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static AutoCloseable open(ClassLoader loader, String url) throws Exception {
    Class<?> api = loader.loadClass(LatencyStore.class.getName());
    assertThat(api).isNotEqualTo(LatencyStore.class);
    return (AutoCloseable) api.getMethod("open", String.class).invoke(null, url);
  }

  @Test
  void theSecondCopyIsRefusedTheFileWhileTheFirstHasIt() throws Exception {
    String url = "sqlite:" + directory.resolve("latency.db");
    try (URLClassLoader second = anotherCopy()) {
      try (LatencyStore store = LatencyStore.open(url)) {
        store.append(Numbered.measurements(0, 10));

        assertThatExceptionOfType(InvocationTargetException.class)
            .isThrownBy(() -> open(second, url))
            .havingCause()
            .withMessageContaining("another class loader")
            .withMessageContaining("latency.db")
            .satisfies(
                cause ->
                    assertThat(cause.getClass().getName())
                        .isEqualTo(StoreUnavailableException.class.getName()));

        store.append(Numbered.measurements(10, 20));
        assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(20);
      }

      try (AutoCloseable other = open(second, url)) {
        assertThat(other).isNotInstanceOf(LatencyStore.class);
        assertThatExceptionOfType(StoreUnavailableException.class)
            .isThrownBy(() -> LatencyStore.open(url))
            .withMessageContaining("another class loader");
      }
    }
    try (LatencyStore store = LatencyStore.open(url)) {
      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(20);
    }
  }

  @Test
  void aFileThatTheSecondCopyAloneHasIsNoConcernOfTheFirst() throws Exception {
    try (URLClassLoader second = anotherCopy();
        LatencyStore mine = LatencyStore.open("sqlite:" + directory.resolve("mine.db"));
        AutoCloseable other = open(second, "sqlite:" + directory.resolve("other.db"))) {
      assertThat(mine.append(Numbered.measurements(0, 10))).isEqualTo(10);
      assertThat(other).isNotNull();
    }
  }
}
