package io.latencystore.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

/** Connections of the caller's data source, which get back as they were. */
final class BorrowedConnections implements ConnectionSource {

  private final DataSource source;

  BorrowedConnections(DataSource source) {
    this.source = source;
  }

  @Override
  public String location() {
    return "the PostgreSQL database of the given data source";
  }

  @Override
  public String remedy() {
    return "";
  }

  @Override
  public Connection open() throws SQLException {
    Connection connection = source.getConnection();
    try {
      State before = State.of(connection);
      connection.setAutoCommit(true);
      return (Connection)
          Proxy.newProxyInstance(
              BorrowedConnections.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("close") && !connection.isClosed()) {
                  giveBack(connection, before);
                  return null;
                }
                try {
                  return method.invoke(connection, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** One that cannot be put as it was is of no use to anybody. */
  private static void giveBack(Connection connection, State before) throws SQLException {
    try (connection) {
      before.restore(connection);
    } catch (SQLException e) {
      connection.abort(Runnable::run);
    }
  }

  /** What of a connection's settings is ours while we have it. */
  private record State(
      boolean autoCommit, boolean readOnly, int isolation, Map<String, String> settings) {

    static State of(Connection connection) throws SQLException {
      return new State(
          connection.getAutoCommit(),
          connection.isReadOnly(),
          connection.getTransactionIsolation(),
          PostgresStatements.settings(connection));
    }

    void restore(Connection connection) throws SQLException {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
      PostgresStatements.restore(connection, settings);
      connection.setReadOnly(readOnly);
      connection.setTransactionIsolation(isolation);
      connection.setAutoCommit(autoCommit);
    }
  }
}
