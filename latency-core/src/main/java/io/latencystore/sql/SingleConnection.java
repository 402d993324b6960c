package io.latencystore.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection that writes and reads, one transaction after the other: for a database that lives
 * and dies with its connection, so that a failed transaction is rolled back instead of the
 * connection thrown away.
 */
public final class SingleConnection implements Connections {

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Database database;
  private final ReentrantLock using = new ReentrantLock(true);
  private @Nullable Session session;
  private volatile boolean closed;

  /** The connection of a database, which is not open yet. */
  public SingleConnection(Database database) {
    this.database = database;
  }

  @Override
  public <T> T write(Work<T> work) {
    using.lock();
    try {
      Session current = session();
      database.beginWrite(current.connection());
      try {
        return Writing.during(
            "write",
            database.location(),
            current,
            begun -> {
              T result = work.run(begun);
              database.commit(begun.connection());
              return result;
            });
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(current, e);
        throw e;
      }
    } catch (SQLException | RuntimeException | Error e) {
      throw PooledConnections.explained(database, e, "write");
    } finally {
      using.unlock();
    }
  }

  @Override
  public <T> T maintain(Work<T> work) {
    using.lock();
    try {
      return Writing.during("maintain", database.location(), session(), work);
    } catch (SQLException | RuntimeException | Error e) {
      throw PooledConnections.explained(database, e, "maintain");
    } finally {
      using.unlock();
    }
  }

  @Override
  public <T> T read(Work<T> work) {
    using.lock();
    try {
      Session current = session();
      database.beginRead(current.connection());
      try {
        return work.run(current);
      } finally {
        database.rollback(current.connection());
      }
    } catch (SQLException | RuntimeException | Error e) {
      throw PooledConnections.explained(database, e, "read");
    } finally {
      using.unlock();
    }
  }

  private Session session() throws SQLException {
    if (closed) {
      throw new IllegalStateException("the store on " + database.location() + " is closed");
    }
    if (session == null) {
      session = new Session(database.open(Database.Role.WRITER), database);
    }
    return session;
  }

  private void rollBack(Session current, Throwable cause) {
    try {
      database.rollback(current.connection());
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** Does nothing: the database is gone with its connection, and not before. */
  @Override
  public void renew() {}

  @Override
  public void close() {
    closed = true;
    if (Waiting.tryLock(using, PATIENCE)) {
      session = null;
      using.unlock();
    }
  }
}
