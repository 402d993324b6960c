package io.latencystore.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jooq.DSLContext;

/**
 * A connection, jOOQ on it, and the statements prepared on it, which live as long as it does. For
 * one thread.
 */
public final class Session {

  /** How many rows a driver fetches at once, where it would otherwise fetch all of them. */
  private static final int FETCH = 256;

  private final Connection connection;
  private final DSLContext dsl;
  private final Map<Key, PreparedStatement> statements = new HashMap<>();

  private record Key(String sql, int copy) {}

  Session(Connection connection, Database database) {
    this.connection = connection;
    this.dsl = Jooq.on(connection, database.sqlDialect());
  }

  /** The connection itself. */
  public Connection connection() {
    return connection;
  }

  /** jOOQ on this connection. */
  public DSLContext dsl() {
    return dsl;
  }

  /** A statement prepared for this SQL, to be used by one caller at a time and not closed. */
  public PreparedStatement statement(String sql) throws SQLException {
    return statement(sql, 0);
  }

  /**
   * One of several statements prepared for this SQL, whose results may be open at the same time.
   */
  public PreparedStatement statement(String sql, int copy) throws SQLException {
    Key key = new Key(sql, copy);
    PreparedStatement statement = statements.get(key);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statement.setFetchSize(FETCH);
      statements.put(key, statement);
    }
    return statement;
  }
}
