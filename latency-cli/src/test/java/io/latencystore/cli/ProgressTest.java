package io.latencystore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.cli.Surroundings.Reader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void drawsABarForAPersonAndRemovesIt() {
    try (Progress progress = new Progress(surroundings(Reader.PERSON), "checking a\tb", 200)) {
      long begun = System.nanoTime();
      while (err.size() == 0 && System.nanoTime() - begun < BOUND_NANOS) {
        progress.reached(100);
      }
    }

    String bar = "checking a\\tb [" + "#".repeat(15) + ".".repeat(15) + "]  50 %";
    assertThat(err.toString(UTF_8)).isEqualTo("\r" + bar + "\r" + " ".repeat(bar.length()) + "\r");
  }

  @Test
  void drawsNothingIntoAFile() {
    try (Progress progress = new Progress(surroundings(Reader.FILE), "checking", 200)) {
      long begun = System.nanoTime();
      while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(150)) {
        progress.reached(100);
      }
    }

    assertThat(err.size()).isZero();
  }

  private Surroundings surroundings(Reader messages) {
    return Surroundings.of(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        err,
        Map.of(),
        Clock.systemUTC(),
        messages);
  }
}
