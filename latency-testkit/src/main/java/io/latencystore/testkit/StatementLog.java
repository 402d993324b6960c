package io.latencystore.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/**
 * Every question that was put to a database with a prepared statement, to be explained by that
 * database. Safe for use by any thread.
 */
public final class StatementLog implements UnaryOperator<Connection> {

  /**
   * A question.
   *
   * @param sql its text
   * @param parameters what was bound, by number
   */
  public record Question(String sql, Map<Integer, Object> parameters) {

    /** The first column of what the database says it would do. */
    public List<String> explain(Connection connection, String explain, String column)
        throws SQLException {
      List<String> lines = new ArrayList<>();
      try (PreparedStatement statement = connection.prepareStatement(explain + " " + sql)) {
        for (Map.Entry<Integer, Object> parameter : parameters.entrySet()) {
          statement.setObject(parameter.getKey(), parameter.getValue());
        }
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            lines.add(rows.getString(column));
          }
        }
      }
      return lines;
    }
  }

  private final Queue<Question> questions = new ConcurrentLinkedQueue<>();

  /** What was asked since the last call, of this table. */
  public List<Question> of(String table) {
    List<Question> found = new ArrayList<>();
    for (Question next = questions.poll(); next != null; next = questions.poll()) {
      if (next.sql.contains(table)) {
        found.add(next);
      }
    }
    return found;
  }

  @Override
  public Connection apply(Connection connection) {
    return proxy(
        Connection.class,
        (proxy, method, arguments) -> {
          Object result = invoke(connection, method, arguments);
          return result instanceof PreparedStatement statement
              ? statement(statement, String.valueOf(arguments[0]))
              : result;
        });
  }

  private PreparedStatement statement(PreparedStatement statement, String sql) {
    Map<Integer, Object> parameters = new TreeMap<>();
    return proxy(
        PreparedStatement.class,
        (proxy, method, arguments) -> {
          if (method.getName().equals("executeQuery")) {
            questions.add(new Question(sql, new TreeMap<>(parameters)));
          } else if (method.getName().startsWith("set")
              && arguments.length == 2
              && arguments[0] instanceof Integer number) {
            parameters.put(number, arguments[1]);
          }
          return invoke(statement, method, arguments);
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            StatementLog.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
