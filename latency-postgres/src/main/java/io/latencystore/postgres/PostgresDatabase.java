package io.latencystore.postgres;

import io.latencystore.StoreException;
import io.latencystore.StoreIncompatibleException;
import io.latencystore.StoreLayout;
import io.latencystore.StoreOptions;
import io.latencystore.StoreUnavailableException;
import io.latencystore.block.TimeOrdered;
import io.latencystore.postgres.PostgresStatements.Turn;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import io.latencystore.sql.Failure;
import io.latencystore.sql.PooledConnections;
import io.latencystore.sql.Strays;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/** A schema in a database on a server. */
final class PostgresDatabase implements Database {

  private static final List<String> MIGRATIONS =
      List.of("io/latencystore/migrations/postgres/V1__latency_store.sql");
  private static final String USUAL_SCHEMA = "latency";

  /** The oldest version that the tests run against. */
  private static final int OLDEST = 150_000;

  private static final Duration MIGRATION_TIMEOUT = Duration.ofMinutes(2);
  private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

  private final ConnectionSource source;
  private final StoreOptions options;
  private final String schema;
  private final Connections connections;
  private final Map<StoreLayout, Partitions> partitions;
  private final Strays strays;

  PostgresDatabase(ConnectionSource source, StoreOptions options) {
    this.source = source;
    this.options = options;
    this.schema = options.schema() == null ? USUAL_SCHEMA : options.schema();
    this.connections = new PooledConnections(this, options);
    this.partitions =
        Map.of(
            StoreLayout.BLOCKS, partitions(PartitionStatements.BLOCKS),
            StoreLayout.ROWS, partitions(PartitionStatements.ROWS));
    this.strays = new DefaultPartitions(List.copyOf(partitions.values()));
  }

  private Partitions partitions(PartitionStatements statements) {
    return new Partitions(statements, location(), options.clock());
  }

  @Override
  public void prepare() {
    partitions.values().forEach(Partitions::forget);
    try (Connection connection = source.open()) {
      int version = PostgresStatements.serverVersion(connection);
      if (version < OLDEST) {
        throw new StoreIncompatibleException(
            location() + " is " + version(connection) + "; it takes version 15 or later", null);
      }
      String encoding = PostgresStatements.encoding(connection);
      if (!encoding.equals("UTF8")) {
        throw new StoreIncompatibleException(
            location()
                + " has the encoding "
                + encoding
                + ", which cannot hold every name; create a database with the encoding UTF8",
            null);
      }
    } catch (SQLException e) {
      throw explain(e, "connect");
    }
  }

  @Override
  public String location() {
    return schema.equals(USUAL_SCHEMA)
        ? source.location()
        : source.location() + ", schema " + schema;
  }

  @Override
  public SQLDialect sqlDialect() {
    return SQLDialect.POSTGRES;
  }

  @Override
  public List<String> migrations() {
    return MIGRATIONS;
  }

  @Override
  public String schema() {
    return schema;
  }

  @Override
  public boolean exists() {
    return true;
  }

  @Override
  public Connections connections() {
    return connections;
  }

  @Override
  public Connection open(Role role) throws SQLException {
    Connection connection = source.open();
    try {
      PostgresStatements.shape(connection, schema);
      if (role == Role.WRITER) {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        if (options.relaxed()) {
          PostgresStatements.commitAsynchronously(connection);
        }
      } else {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void beginWrite(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
  }

  @Override
  public void beginRead(Connection connection) throws SQLException {
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    PostgresStatements.holdPartitions(connection);
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
  }

  /** Holds a lock that ends with its connection, on a connection that does nothing else. */
  @Override
  public <T> T whileMigrating(Callable<T> work) throws Exception {
    try (Connection connection = source.open()) {
      long deadline = System.nanoTime() + MIGRATION_TIMEOUT.toNanos();
      while (!PostgresStatements.tryLock(connection, Turn.MIGRATION, schema)) {
        if (System.nanoTime() - deadline > 0) {
          throw new StoreUnavailableException(
              location()
                  + ": another process has been migrating the schema for "
                  + MIGRATION_TIMEOUT
                  + "; try again when it is done",
              null);
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
      try {
        return work.call();
      } finally {
        PostgresStatements.unlock(connection, Turn.MIGRATION, schema);
      }
    }
  }

  /** Like {@link #whileMigrating}, with another lock, and without waiting for it. */
  @Override
  public boolean tryMaintaining(Runnable work) {
    try (Connection connection = source.open()) {
      if (!PostgresStatements.tryLock(connection, Turn.MAINTENANCE, schema)) {
        return false;
      }
      try {
        work.run();
      } finally {
        PostgresStatements.unlock(connection, Turn.MAINTENANCE, schema);
      }
      return true;
    } catch (SQLException e) {
      throw explain(e, "maintain");
    }
  }

  @Override
  public void afterMigration(Connection connection) {}

  @Override
  public void makeRoom(Connection connection, StoreLayout layout, Map<Long, Long> measurements)
      throws SQLException {
    Objects.requireNonNull(partitions.get(layout), "layout").makeRoom(connection, measurements);
  }

  @Override
  public Strays strays() {
    return strays;
  }

  @Override
  public long dropBefore(Connection connection, StoreLayout layout, long micros)
      throws SQLException {
    return Objects.requireNonNull(partitions.get(layout), "layout").dropBefore(connection, micros);
  }

  /** The server's own vacuum makes room for what comes next. */
  @Override
  public long unusedBytes(Connection connection) {
    return 0;
  }

  @Override
  public long giveBack(Connection connection, long most) {
    return 0;
  }

  @Override
  public long[] newBlockIds(Connection connection, int count) throws SQLException {
    return PostgresStatements.newBlockIds(connection, count);
  }

  @Override
  public boolean insertRows(Connection connection, TimeOrdered measurements) throws SQLException {
    return CopyRows.run(connection, measurements);
  }

  @Override
  public boolean makeDurable(Connection connection) throws SQLException {
    PostgresStatements.commitSynchronously(connection);
    return true;
  }

  @Override
  public boolean commitsAreDurable() {
    return !options.relaxed();
  }

  @Override
  public Failure classify(SQLException error) {
    return PostgresErrors.classify(error);
  }

  @Override
  public StoreException explain(SQLException error, String wanted) {
    return PostgresErrors.explain(error, location(), wanted, source.remedy());
  }

  @Override
  public String version(Connection connection) throws SQLException {
    return "PostgreSQL " + connection.getMetaData().getDatabaseProductVersion();
  }

  @Override
  public long sizeBytes(Connection connection) throws SQLException {
    return PostgresStatements.sizeBytes(connection);
  }

  @Override
  public @Nullable Path spoolDirectory() {
    return options.spoolDirectory();
  }

  @Override
  public void close() {
    connections.close();
  }
}
