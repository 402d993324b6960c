package io.latencystore.testkit;

import io.latencystore.StoreOptions;
import io.latencystore.sql.Database;
import io.latencystore.sql.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A dialect whose databases fail where a test says, and may have other migrations; otherwise they
 * do what another dialect's do. What is set applies at once to every database opened through it.
 * Safe for use by any thread.
 */
public final class FaultyDialect implements Dialect {

  /** A moment in the life of a connection at which a fault may strike. */
  public enum Point {
    /** Before a connection that writes is opened. */
    OPEN_WRITER,
    /** Before a connection that reads is opened. */
    OPEN_READER,
    /** Before a transaction that writes begins. */
    BEGIN_WRITE,
    /** Before a transaction that reads begins. */
    BEGIN_READ,
    /** Before a commit: if it fails here, it took no effect. */
    BEFORE_COMMIT,
    /** After a commit took effect: if it fails here, the acknowledgement is lost. */
    AFTER_COMMIT
  }

  /** What happens at a point. */
  @FunctionalInterface
  public interface Fault {

    /**
     * Called when the point is reached: returns to let it go on, perhaps after waiting.
     *
     * @param arrival how often the point was reached since the fault was set, from 1
     * @throws SQLException to make it fail
     */
    void strike(long arrival) throws SQLException;
  }

  private record Armed(Fault fault, AtomicLong arrivals) {}

  private final Dialect dialect;
  private final Queue<Connection> open = new ConcurrentLinkedQueue<>();
  private final Map<Point, Armed> faults = new ConcurrentHashMap<>();
  private volatile List<String> migrations = List.of();
  private volatile UnaryOperator<Connection> wrapping = connection -> connection;

  /** A dialect that does what this one does, until it is told to fail. */
  public FaultyDialect(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Sets what happens at a point, instead of what was set there before. */
  public FaultyDialect at(Point point, Fault fault) {
    faults.put(point, new Armed(fault, new AtomicLong()));
    return this;
  }

  /** Lets everything go on as if nothing had ever been set. */
  public void heal() {
    faults.clear();
  }

  /** Closes every connection that is open, as a server or a network does. */
  public void cutConnections() {
    for (Connection connection = open.poll(); connection != null; connection = open.poll()) {
      try {
        connection.close();
      } catch (SQLException e) {
        throw new IllegalStateException("cutting a connection", e);
      }
    }
  }

  /**
   * Adds migrations to those of the dialect.
   *
   * @param resources on the class path of this class, ascending
   */
  public FaultyDialect alsoMigrating(String... resources) {
    migrations = List.of(resources);
    return this;
  }

  /** Puts something around every connection that is opened from now on. */
  public FaultyDialect wrapping(UnaryOperator<Connection> connections) {
    wrapping = connections;
    return this;
  }

  /** A fault that strikes every time. */
  public static Fault always(SQLException error) {
    return arrival -> {
      throw error;
    };
  }

  /** A fault that strikes at the {@code n}-th arrival and no other. */
  public static Fault nth(long n, SQLException error) {
    return arrival -> {
      if (arrival == n) {
        throw error;
      }
    };
  }

  /** A fault that strikes at the first {@code n} arrivals. */
  public static Fault first(long n, SQLException error) {
    return arrival -> {
      if (arrival <= n) {
        throw error;
      }
    };
  }

  void reached(Point point) throws SQLException {
    Armed armed = faults.get(point);
    if (armed != null) {
      armed.fault.strike(armed.arrivals.incrementAndGet());
    }
  }

  Connection opened(Connection connection) {
    open.add(connection);
    return wrapping.apply(connection);
  }

  List<String> moreMigrations() {
    return migrations;
  }

  @Override
  public String urlForms() {
    return dialect.urlForms();
  }

  @Override
  public boolean accepts(String url) {
    return dialect.accepts(url);
  }

  @Override
  public Database connect(StoreOptions options) {
    return new FaultyDatabase(this, dialect.connect(options), options);
  }
}
