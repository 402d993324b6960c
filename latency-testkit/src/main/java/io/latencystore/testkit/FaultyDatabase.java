package io.latencystore.testkit;

import io.latencystore.StoreException;
import io.latencystore.StoreLayout;
import io.latencystore.StoreOptions;
import io.latencystore.block.TimeOrdered;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import io.latencystore.sql.Failure;
import io.latencystore.sql.PooledConnections;
import io.latencystore.sql.SingleConnection;
import io.latencystore.sql.Strays;
import io.latencystore.testkit.FaultyDialect.Point;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/** A database that asks its dialect's script at every point whether to fail. */
final class FaultyDatabase implements Database {

  private final FaultyDialect script;
  private final Database database;
  private final Connections connections;

  FaultyDatabase(FaultyDialect script, Database database, StoreOptions options) {
    this.script = script;
    this.database = database;
    // Connections of its own, whose transactions come by here.
    this.connections =
        database.connections() instanceof SingleConnection
            ? new SingleConnection(this)
            : new PooledConnections(this, options);
  }

  @Override
  public void prepare() {
    database.prepare();
  }

  @Override
  public String location() {
    return database.location();
  }

  @Override
  public SQLDialect sqlDialect() {
    return database.sqlDialect();
  }

  @Override
  public List<String> migrations() {
    return Stream.concat(database.migrations().stream(), script.moreMigrations().stream()).toList();
  }

  @Override
  public @Nullable String schema() {
    return database.schema();
  }

  @Override
  public boolean exists() {
    return database.exists();
  }

  @Override
  public Connections connections() {
    return connections;
  }

  @Override
  public Connection open(Role role) throws SQLException {
    script.reached(role == Role.WRITER ? Point.OPEN_WRITER : Point.OPEN_READER);
    return script.opened(database.open(role));
  }

  @Override
  public void beginWrite(Connection connection) throws SQLException {
    script.reached(Point.BEGIN_WRITE);
    database.beginWrite(connection);
  }

  @Override
  public void beginRead(Connection connection) throws SQLException {
    script.reached(Point.BEGIN_READ);
    database.beginRead(connection);
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    script.reached(Point.BEFORE_COMMIT);
    database.commit(connection);
    script.reached(Point.AFTER_COMMIT);
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    database.rollback(connection);
  }

  @Override
  public <T> T whileMigrating(Callable<T> work) throws Exception {
    return database.whileMigrating(work);
  }

  @Override
  public boolean tryMaintaining(Runnable work) {
    return database.tryMaintaining(work);
  }

  @Override
  public void afterMigration(Connection connection) throws SQLException {
    database.afterMigration(connection);
  }

  @Override
  public void makeRoom(Connection connection, StoreLayout layout, Map<Long, Long> measurements)
      throws SQLException {
    database.makeRoom(connection, layout, measurements);
  }

  @Override
  public @Nullable Strays strays() {
    return database.strays();
  }

  @Override
  public long dropBefore(Connection connection, StoreLayout layout, long micros)
      throws SQLException {
    return database.dropBefore(connection, layout, micros);
  }

  @Override
  public long unusedBytes(Connection connection) throws SQLException {
    return database.unusedBytes(connection);
  }

  @Override
  public long giveBack(Connection connection, long most) throws SQLException {
    return database.giveBack(connection, most);
  }

  @Override
  public long[] newBlockIds(Connection connection, int count) throws SQLException {
    return database.newBlockIds(connection, count);
  }

  @Override
  public boolean insertRows(Connection connection, TimeOrdered measurements) throws SQLException {
    return database.insertRows(connection, measurements);
  }

  @Override
  public boolean makeDurable(Connection connection) throws SQLException {
    return database.makeDurable(connection);
  }

  @Override
  public boolean commitsAreDurable() {
    return database.commitsAreDurable();
  }

  @Override
  public Failure classify(SQLException error) {
    return database.classify(error);
  }

  @Override
  public StoreException explain(SQLException error, String wanted) {
    return database.explain(error, wanted);
  }

  @Override
  public String version(Connection connection) throws SQLException {
    return database.version(connection);
  }

  @Override
  public long sizeBytes(Connection connection) throws SQLException {
    return database.sizeBytes(connection);
  }

  @Override
  public @Nullable Path spoolDirectory() {
    return database.spoolDirectory();
  }

  @Override
  public void close() {
    connections.close();
    database.close();
  }
}
