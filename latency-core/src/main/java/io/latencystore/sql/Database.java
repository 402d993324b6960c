package io.latencystore.sql;

import io.latencystore.StoreException;
import io.latencystore.StoreLayout;
import io.latencystore.block.TimeOrdered;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/**
 * One database, and the answers to what truly differs between kinds of them. One without partitions
 * says nothing of them. Safe for use by any thread; the connections it opens are not.
 */
public interface Database extends AutoCloseable {

  /** What a connection is for. */
  enum Role {
    /** Reads snapshots. */
    READER,
    /** Writes, and changes the schema. */
    WRITER
  }

  /**
   * Looks at the database, and takes what share of it is needed to open connections. Creates and
   * changes nothing in it.
   *
   * @throws io.latencystore.StoreUnavailableException if it cannot be opened; the message says why
   *     and what to do
   * @throws io.latencystore.StoreIncompatibleException if it is not ours to use
   */
  void prepare();

  /** The file or server, for messages; never holds a password. */
  String location();

  /** How jOOQ calls this kind of database. */
  SQLDialect sqlDialect();

  /** The migrations as resources on the class path of this object's class, ascending. */
  List<String> migrations();

  /** The schema that the tables lie in, or null where the database has none. */
  @Nullable String schema();

  /** Whether anything is stored there yet. Asking changes nothing. */
  boolean exists();

  /** How readers and the writer share connections, which are opened when they are needed. */
  Connections connections();

  /** Opens a connection, shaped for its role, in auto-commit mode. */
  Connection open(Role role) throws SQLException;

  /**
   * Begins a transaction that will write. Waits for another that writes, but not for long: the
   * caller asks again, as long as it cares, after a {@link Failure#BUSY}.
   */
  void beginWrite(Connection connection) throws SQLException;

  /** Begins a transaction that reads one snapshot. */
  void beginRead(Connection connection) throws SQLException;

  /** Ends a transaction, keeping what it wrote. */
  void commit(Connection connection) throws SQLException;

  /** Ends a transaction, undoing what it wrote. */
  void rollback(Connection connection) throws SQLException;

  /**
   * Does some work while no other process migrates.
   *
   * @throws Exception whatever the work throws
   */
  <T> T whileMigrating(Callable<T> work) throws Exception;

  /**
   * Does some work that one at a time does on the database, unless somebody else is at such:
   * another process, or another store of this one.
   *
   * @return whether it did
   * @throws StoreException if it is impossible to say; and whatever the work throws
   */
  boolean tryMaintaining(Runnable work);

  /** Marks a database as ours after a migration, and makes that durable. */
  void afterMigration(Connection connection) throws SQLException;

  /**
   * Makes what measurements need to lie in, such as partitions. Called before the transaction that
   * inserts them.
   *
   * @param connection one that writes, outside a transaction
   * @param layout how they will lie
   * @param measurements how many begin in each slot of {@link io.latencystore.block.Level#DAYS_32}:
   *     a block with its first
   */
  default void makeRoom(Connection connection, StoreLayout layout, Map<Long, Long> measurements)
      throws SQLException {}

  /** What lies apart from where it belongs, or null where nothing ever does. */
  default @Nullable Strays strays() {
    return null;
  }

  /**
   * Drops one partition all of which is before a moment, if there is such and if nobody who uses
   * the table is long in the way.
   *
   * @param connection one that writes, outside a transaction
   * @param layout how measurements lie
   * @return about how many measurements lay in it, at least 1; 0 if there is none to drop
   * @throws SQLException if somebody is in the way, too
   */
  default long dropBefore(Connection connection, StoreLayout layout, long micros)
      throws SQLException {
    return 0;
  }

  /** How much of {@link #sizeBytes} nothing lies in, and {@link #giveBack} could give back. */
  long unusedBytes(Connection connection) throws SQLException;

  /**
   * Gives space that nothing lies in back to the file system, in the connection's transaction.
   *
   * @param most how many bytes at most
   * @return how many bytes
   */
  long giveBack(Connection connection, long most) throws SQLException;

  /** So many ids that no block has or will have, in the connection's transaction. */
  long[] newBlockIds(Connection connection, int count) throws SQLException;

  /**
   * Inserts measurements into {@code latency_event} in the connection's transaction, if there is a
   * way that is faster than the one which every database knows.
   *
   * @return whether it did; if not, nothing of them is inserted
   */
  boolean insertRows(Connection connection, TimeOrdered measurements) throws SQLException;

  /**
   * Makes what is committed survive a power cut, where commits alone do not promise that.
   *
   * @param connection one that writes, outside a transaction
   * @return whether it does now; if not, somebody who reads is in the way
   */
  boolean makeDurable(Connection connection) throws SQLException;

  /** Whether a commit alone survives a power cut. */
  boolean commitsAreDurable();

  /** What an error means for the writer. */
  Failure classify(SQLException error);

  /** What an error means for the user: what was wanted, what was found, and a remedy. */
  StoreException explain(SQLException error, String wanted);

  /** Product and version. */
  String version(Connection connection) throws SQLException;

  /** How much the database takes on disk, or in memory if it is there. */
  long sizeBytes(Connection connection) throws SQLException;

  /** Where spools for this database lie, or null to keep them in memory. */
  @Nullable Path spoolDirectory();

  /** Releases what was opened beside connections. */
  @Override
  void close();
}
