package io.latencystore.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from. Safe for use by any thread. */
interface ConnectionSource {

  /** The server and database, for messages; never holds a password. */
  String location();

  /** Opens a connection; closing it leaves nothing of what was set on it behind. */
  Connection open() throws SQLException;

  /** What a refused or broken connection may be due to, besides what the error says, or nothing. */
  String remedy();
}
