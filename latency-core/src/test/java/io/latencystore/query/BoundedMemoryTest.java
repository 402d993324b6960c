package io.latencystore.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyQuery;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries over more measurements than the heap has bytes for. */
final class BoundedMemoryTest {

  @ParameterizedTest
  @ValueSource(strings = {"one", "groups", "buckets"})
  void percentilesAreExactInAHeapOf64Megabytes(String scenario) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                classPath(),
                BoundedMemoryProgram.class.getName(),
                scenario)
            .redirectErrorStream(true)
            .start();
    try {
      String output = output(process);

      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String classPath() throws URISyntaxException {
    return String.join(
        File.pathSeparator,
        List.of(placeOf(LatencyQuery.class), placeOf(BoundedMemoryProgram.class)));
  }

  private static String placeOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
