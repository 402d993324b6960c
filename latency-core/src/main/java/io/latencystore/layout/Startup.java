package io.latencystore.layout;

import io.latencystore.StoreException;
import io.latencystore.StoreLayout;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import io.latencystore.sql.Failure;
import io.latencystore.sql.Migrations;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/**
 * What must happen before the database can be used: looking at it, migrating it, and waking jOOQ.
 * Attempted on the thread that opens the store or on the writer's, and again while the database is
 * away. Safe for use by any thread.
 */
public final class Startup {

  /**
   * What is there afterwards.
   *
   * @param connections those of the database
   * @param layout how measurements lie in it
   * @param selectCutoffs looks up what has expired
   * @param sqlDialect how jOOQ calls this kind of database
   * @param storeId what identifies the store, wherever its database is
   */
  public record Opened(
      Connections connections,
      Layout layout,
      SelectCutoffs selectCutoffs,
      SQLDialect sqlDialect,
      String storeId) {}

  private final Database database;
  private final @Nullable StoreLayout wanted;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock repeating = new ReentrantLock();
  private final Condition attempted = lock.newCondition();
  private @Nullable Opened opened;
  private @Nullable Throwable failure;

  /** The start of a store that shall have a layout, or null to take whichever there is. */
  public Startup(Database database, @Nullable StoreLayout wanted) {
    this.database = database;
    this.wanted = wanted;
  }

  /**
   * Does it, or does it again.
   *
   * @throws StoreException if the database cannot be used; {@link #await} throws the same until
   *     another attempt succeeds
   */
  public Opened attempt() {
    try {
      database.prepare();
      StoreLayout found = new Migrations(database).bringUp(wanted);
      Connections connections = database.connections();
      Opened result =
          new Opened(
              connections,
              found == StoreLayout.BLOCKS ? new BlockLayout(database) : new RowLayout(database),
              new SelectCutoffs(database.sqlDialect()),
              database.sqlDialect(),
              connections.read(Migrations::storeId));
      end(result, null);
      return result;
    } catch (RuntimeException | Error e) {
      end(null, e);
      throw e;
    }
  }

  private void end(@Nullable Opened result, @Nullable Throwable why) {
    lock.lock();
    try {
      opened = result;
      failure = why;
      attempted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does it again if what there was is of no use any more, and nobody else has.
   *
   * @throws StoreException if the database cannot be used
   */
  public Opened again(Opened stale) {
    repeating.lock();
    try {
      Opened found = opened();
      if (found != null && !found.equals(stale)) {
        return found;
      }
      database.connections().renew();
      return attempt();
    } finally {
      repeating.unlock();
    }
  }

  /** Like {@link #attempt}, but a database that is away is left for another attempt. */
  public void attemptUnlessAway() {
    try {
      attempt();
    } catch (StoreException e) {
      if (Failure.of(database, e) != Failure.AWAY) {
        throw e;
      }
    }
  }

  /** What there is, or null if no attempt has succeeded. */
  public @Nullable Opened opened() {
    lock.lock();
    try {
      return opened;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first attempt, and throws what made the last one fail. */
  public Opened await() {
    lock.lock();
    try {
      while (opened == null && failure == null) {
        attempted.awaitUninterruptibly();
      }
      Opened result = opened;
      if (result != null) {
        return result;
      }
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) Objects.requireNonNull(failure);
    } finally {
      lock.unlock();
    }
  }
}
