package io.latencystore.postgres;

import io.latencystore.sql.Strays;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What lies in the default partitions of all tables; of those that are not of the store's layout
 * that is nothing.
 *
 * @param tables the partitions of each table
 */
record DefaultPartitions(List<Partitions> tables) implements Strays {

  @Override
  public long count(Connection connection) throws SQLException {
    long count = 0;
    for (Partitions each : tables) {
      count += each.strays(connection);
    }
    return count;
  }

  @Override
  public long gather(Connection connection) throws SQLException {
    for (Partitions each : tables) {
      long moved = each.gather(connection);
      if (moved > 0) {
        return moved;
      }
    }
    return 0;
  }
}
