package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * After each test that passed: no thread of a store is alive, and nothing of its database is open.
 */
final class LeakCheck implements AfterEachCallback {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    if (context.getExecutionException().isPresent()) {
      return;
    }
    StoreFixture fixture = (StoreFixture) context.getRequiredTestInstance();
    try {
      Await.until(
          "nothing is left open",
          PATIENCE,
          () -> threads().isEmpty() && fixture.stillOpen().isEmpty());
    } catch (AssertionError e) {
      assertThat(threads()).as("threads left behind").isEmpty();
      assertThat(fixture.stillOpen()).as("left open").isEmpty();
      throw e;
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("latency-"))
        .toList();
  }
}
