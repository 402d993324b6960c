package io.latencystore.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.latencystore.StoreException;
import io.latencystore.StoreOptions;
import io.latencystore.StoreOverloadedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * One connection that writes, and a small pool that reads.
 *
 * <p>After a failure in a transaction the connection is thrown away, whatever the failure was: a
 * driver may report an error for stored data, or leave a transaction half alive.
 */
public final class PooledConnections implements Connections {

  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration BUSY = Duration.ofSeconds(10);
  private static final Duration CLOSING = Duration.ofSeconds(3);
  private static final long BUSY_PAUSE_NANOS = Duration.ofMillis(5).toNanos();
  private static final Duration ABORT_AFTER = Duration.ofSeconds(1);

  private final Database database;
  private final StoreOptions options;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final Map<Connection, Session> readers = new ConcurrentHashMap<>();
  private volatile @Nullable Session writer;
  private @Nullable HikariDataSource pool;
  private volatile boolean closed;

  /** Connections of a database, none of which is open yet. */
  public PooledConnections(Database database, StoreOptions options) {
    this.database = database;
    this.options = options;
  }

  @Override
  public <T> T write(Work<T> work) {
    return onWriter(
        "write",
        session -> {
          beginWrite(session.connection());
          return Writing.during(
              "write", database.location(), session, begun -> committed(begun, work));
        });
  }

  private <T> T committed(Session session, Work<T> work) throws SQLException {
    T result = work.run(session);
    checkOpen(); // Once the store is closed, nothing of it is written any more.
    database.commit(session.connection());
    return result;
  }

  /** Waits for another writer to end, though not beyond the end of the store. */
  private void beginWrite(Connection connection) throws SQLException {
    long deadline = System.nanoTime() + BUSY.toNanos();
    while (true) {
      try {
        database.beginWrite(connection);
        return;
      } catch (SQLException e) {
        if (closed || System.nanoTime() - deadline > 0 || database.classify(e) != Failure.BUSY) {
          throw e;
        }
        LockSupport.parkNanos(BUSY_PAUSE_NANOS); // Some say so at once.
      }
    }
  }

  @Override
  public <T> T maintain(Work<T> work) {
    return onWriter(
        "maintain", session -> Writing.during("maintain", database.location(), session, work));
  }

  private <T> T onWriter(String wanted, Work<T> work) {
    writing.lock();
    try {
      return work.run(writer());
    } catch (SQLException | RuntimeException | Error e) {
      discardWriter();
      throw explained(e, wanted);
    } finally {
      if (closed) {
        discardWriter(); // The close has not waited for this.
      }
      writing.unlock();
    }
  }

  private Session writer() throws SQLException {
    checkOpen();
    if (writer == null) {
      writer = new Session(database.open(Database.Role.WRITER), database);
    }
    return writer;
  }

  private void discardWriter() {
    Session broken = writer;
    writer = null;
    if (broken != null) {
      closeQuietly(broken.connection());
    }
  }

  @Override
  public <T> T read(Work<T> work) {
    HikariDataSource source = pool();
    try (Connection pooled = source.getConnection()) {
      try {
        Connection connection = pooled.unwrap(Connection.class);
        Session session = reader(connection);
        database.beginRead(connection);
        T result = work.run(session);
        database.rollback(connection);
        return result;
      } catch (SQLException | DataAccessException e) {
        source.evictConnection(pooled);
        throw e;
      } catch (RuntimeException | Error e) {
        database.rollback(pooled.unwrap(Connection.class));
        throw e;
      }
    } catch (SQLTransientConnectionException e) {
      throw noConnection(source, e);
    } catch (SQLException | RuntimeException | Error e) {
      throw explained(e, "read");
    }
  }

  private Session reader(Connection connection) {
    Session session = readers.get(connection);
    if (session == null) {
      readers.keySet().removeIf(PooledConnections::isClosed);
      session = new Session(connection, database);
      readers.put(connection, session);
    }
    return session;
  }

  private synchronized HikariDataSource pool() {
    checkOpen();
    if (pool == null) {
      HikariConfig config = new HikariConfig();
      config.setPoolName("latency-readers");
      config.setDataSource(new DatabaseSource(database, Database.Role.READER));
      config.setMaximumPoolSize(options.readers());
      config.setMinimumIdle(0);
      config.setIdleTimeout(IDLE.toMillis());
      config.setConnectionTimeout(options.readTimeout().toMillis());
      config.setValidationTimeout(
          Math.min(options.readTimeout().toMillis(), config.getValidationTimeout()));
      config.setInitializationFailTimeout(-1);
      config.setThreadFactory(
          task -> {
            Thread thread = new Thread(task, "latency-readers");
            thread.setDaemon(true);
            return thread;
          });
      pool = new HikariDataSource(config);
    }
    return pool;
  }

  private StoreException noConnection(HikariDataSource source, SQLTransientConnectionException e) {
    HikariPoolMXBean state = source.getHikariPoolMXBean();
    if (state == null || state.getActiveConnections() < options.readers()) {
      SQLException cause = e.getCause() instanceof SQLException inner ? inner : e;
      return database.explain(cause, "connect");
    }
    return new StoreOverloadedException(
        database.location()
            + ": no reading connection became free within "
            + options.readTimeout()
            + "; "
            + state.getActiveConnections()
            + " of "
            + options.readers()
            + " are in use and "
            + state.getThreadsAwaitingConnection()
            + " questions wait for one. Ask fewer at once, or open the store with more readers(…)",
        e);
  }

  private RuntimeException explained(Throwable e, String wanted) {
    return explained(database, e, wanted);
  }

  /** What a failure means for the user; an {@link Error} is thrown on. */
  static RuntimeException explained(Database database, Throwable e, String wanted) {
    if (e instanceof Error error) {
      throw error;
    }
    if (e instanceof SQLException sql) {
      return database.explain(sql, wanted);
    }
    if (e instanceof DataAccessException access && access.getCause() instanceof SQLException sql) {
      return database.explain(sql, wanted);
    }
    return (RuntimeException) e;
  }

  private synchronized void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the store on " + database.location() + " is closed");
    }
  }

  @Override
  public void close() {
    HikariDataSource source;
    synchronized (this) {
      closed = true;
      source = pool;
    }
    if (source != null) {
      // It would leave threads behind if it were interrupted, and wait for ever for who still asks.
      Waiting.apart("latency-close", CLOSING, source::close);
    }
    if (Waiting.tryLock(writing, ABORT_AFTER)) {
      discardWriter();
      writing.unlock();
    } else {
      Session busy = writer;
      if (busy != null) {
        abort(busy.connection());
      }
    }
  }

  /** Whoever waits for an answer on it gets an error instead. */
  private static void abort(Connection busy) {
    try {
      busy.abort(Runnable::run);
    } catch (SQLException e) {
      // Then the wait ends with the driver's own time limit.
    }
  }

  @Override
  public void renew() {
    HikariDataSource source;
    synchronized (this) {
      source = pool;
    }
    if (source != null) {
      source.getHikariPoolMXBean().softEvictConnections();
    }
    writing.lock();
    try {
      discardWriter();
    } finally {
      writing.unlock();
    }
  }

  private static boolean isClosed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is thrown away because it is broken; what it says of that adds nothing.
    }
  }
}
