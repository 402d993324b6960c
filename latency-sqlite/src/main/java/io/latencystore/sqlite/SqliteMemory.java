package io.latencystore.sqlite;

import io.latencystore.StoreException;
import io.latencystore.block.TimeOrdered;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import io.latencystore.sql.Failure;
import io.latencystore.sql.SingleConnection;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConnection;

/** A database in memory: it lives as long as its only connection. */
final class SqliteMemory implements Database {

  private final Connections connections = new SingleConnection(this);
  private final ReentrantLock maintaining = new ReentrantLock();
  private final StagedRows staged = new StagedRows();
  private @Nullable Connection only;

  @Override
  public void prepare() {
    NativeLibrary.load();
  }

  @Override
  public String location() {
    return ":memory:";
  }

  @Override
  public SQLDialect sqlDialect() {
    return SQLDialect.SQLITE;
  }

  @Override
  public List<String> migrations() {
    return SqliteFile.MIGRATIONS;
  }

  @Override
  public @Nullable String schema() {
    return null;
  }

  @Override
  public boolean exists() {
    return false;
  }

  @Override
  public Connections connections() {
    return connections;
  }

  /** Opens a new one, empty. */
  static SQLiteConnection connect() throws SQLException {
    return JDBC.createConnection("jdbc:sqlite::memory:", new Properties());
  }

  /** The only connection, in a wrapping that does not close it. */
  @Override
  public synchronized Connection open(Role role) throws SQLException {
    if (only == null) {
      only = connect();
      SqliteVersion.check(only);
    }
    Connection connection = only;
    return (Connection)
        Proxy.newProxyInstance(
            SqliteMemory.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public void beginWrite(Connection connection) throws SQLException {
    SqliteStatements.beginWrite(connection);
  }

  @Override
  public void beginRead(Connection connection) throws SQLException {
    SqliteStatements.beginRead(connection);
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    SqliteStatements.commit(connection);
    staged.release(connection);
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    SqliteStatements.rollback(connection);
    staged.release(connection);
  }

  @Override
  public <T> T whileMigrating(Callable<T> work) throws Exception {
    return work.call();
  }

  @Override
  public boolean tryMaintaining(Runnable work) {
    if (maintaining.isHeldByCurrentThread() || !maintaining.tryLock()) {
      return false;
    }
    try {
      work.run();
      return true;
    } finally {
      maintaining.unlock();
    }
  }

  @Override
  public void afterMigration(Connection connection) {}

  @Override
  public long unusedBytes(Connection connection) throws SQLException {
    return SqliteStatements.unusedBytes(connection);
  }

  @Override
  public long giveBack(Connection connection, long most) throws SQLException {
    return SqliteStatements.giveBack(connection, most);
  }

  @Override
  public long[] newBlockIds(Connection connection, int count) throws SQLException {
    return SqliteStatements.newBlockIds(connection, count);
  }

  @Override
  public boolean insertRows(Connection connection, TimeOrdered measurements) throws SQLException {
    return staged.insert(connection, measurements);
  }

  @Override
  public boolean makeDurable(Connection connection) {
    return true;
  }

  @Override
  public boolean commitsAreDurable() {
    return true;
  }

  @Override
  public Failure classify(SQLException error) {
    return SqliteErrors.classify(error);
  }

  @Override
  public StoreException explain(SQLException error, String wanted) {
    return SqliteErrors.explain(error, location(), wanted);
  }

  @Override
  public String version(Connection connection) throws SQLException {
    return SqliteVersion.of(connection);
  }

  @Override
  public long sizeBytes(Connection connection) throws SQLException {
    return SqliteStatements.sizeBytes(connection);
  }

  @Override
  public @Nullable Path spoolDirectory() {
    return null;
  }

  @Override
  public synchronized void close() {
    connections.close();
    Connection connection = only;
    only = null;
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        throw explain(e, "close");
      }
    }
  }
}
