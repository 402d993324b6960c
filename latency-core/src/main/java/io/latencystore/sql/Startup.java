package io.latencystore.sql;

import io.latencystore.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jooq.SQLDialect;

/**
 * What must happen before the database can be used: looking at it, migrating it, and waking jOOQ.
 * Runs once, on the thread that opens the store or on the writer's. Safe for use by any thread.
 */
final class Startup {

  /** What is there afterwards. */
  record Opened(Connections connections, Layout layout, SQLDialect sqlDialect, String storeId) {}

  private final Database database;
  private final CompletableFuture<Opened> opened = new CompletableFuture<>();

  Startup(Database database) {
    this.database = database;
  }

  /**
   * Does it.
   *
   * @throws StoreException if the database cannot be used; {@link #await} throws the same from then
   *     on
   */
  Opened run() {
    try {
      database.prepare();
      new Migrations(database).bringUp();
      Connections connections = database.connections();
      Opened result =
          new Opened(
              connections,
              new BlockLayout(database),
              database.sqlDialect(),
              connections.read(Migrations::storeId));
      opened.complete(result);
      return result;
    } catch (RuntimeException | Error e) {
      opened.completeExceptionally(e);
      throw e;
    }
  }

  /** Waits until it is done, and throws what made it fail. */
  Opened await() {
    try {
      return opened.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  boolean isDone() {
    return opened.isDone() && !opened.isCompletedExceptionally();
  }
}
