/**
 * The engine: the API on a SQL database.
 *
 * <p>What lives here: {@link io.latencystore.sql.Dialect} and {@link io.latencystore.sql.Database},
 * the questions that differ between databases; the store itself; connections; migrations; and the
 * layout of measurements in blocks. All SQL is jOOQ on the generated tables of {@code
 * io.latencystore.sql.schema}.
 *
 * <p>May import: everything else in core, jOOQ, HikariCP and Flyway.
 *
 * <p>Start reading at {@link io.latencystore.sql.SqlStoreProvider}, or at {@link
 * io.latencystore.sql.Dialect} to add a database.
 */
@NullMarked
package io.latencystore.sql;

import org.jspecify.annotations.NullMarked;
