/**
 * Latency Store on SQLite.
 *
 * <p>What lives here: {@link io.latencystore.sqlite.SqliteDialect}, the only public class, and
 * behind it how a file is looked at before it is opened, how connections are shaped, and what
 * errors mean.
 *
 * <p>May import: the API, {@code io.latencystore.sql}, {@code io.latencystore.file}, jOOQ's name of
 * the dialect, and the driver.
 *
 * <p>Start reading at {@link io.latencystore.sqlite.SqliteDialect}.
 */
@NullMarked
package io.latencystore.sqlite;

import org.jspecify.annotations.NullMarked;
