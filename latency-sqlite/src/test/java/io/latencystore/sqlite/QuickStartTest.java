package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The program that the consumer outside the reactor builds and runs is the one in the README. */
final class QuickStartTest {

  @Test
  void theReadmeShowsTheProgramThatTheConsumerRuns() throws Exception {
    Path root = Path.of(System.getProperty("latency.root"));

    String program =
        Files.readString(
            root.resolve("latency-sqlite/src/it/consumer/src/main/java/QuickStart.java"));

    assertThat(Files.readString(root.resolve("README.md"))).contains("```java\n" + program + "```");
  }
}
