package io.latencystore.bench;

import io.latencystore.testkit.PostgresServer;
import java.io.IOException;

/**
 * Runs a command while a PostgreSQL server runs that syncs as it should, so that all benchmarks of
 * a run have the same one: WithPostgres COMMAND ARGUMENT…
 */
public final class WithPostgres {

  private WithPostgres() {}

  /**
   * Runs the command and ends with its exit code.
   *
   * @param command and its arguments; it finds the server's URL in its environment
   */
  public static void main(String[] command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    int code;
    if (System.getenv(PostgresServer.VARIABLE) != null) {
      code = builder.start().waitFor();
    } else {
      try (PostgresServer server =
          PostgresServer.start(
              "fsync=on", "full_page_writes=on", "shared_buffers=256MB", "max_wal_size=4GB")) {
        builder.environment().put(PostgresServer.VARIABLE, server.url());
        code = builder.start().waitFor();
      }
    }
    System.exit(code);
  }
}
