/**
 * The engine: the API on a SQL database.
 *
 * <p>What lives here: {@link io.latencystore.sql.Dialect} and {@link io.latencystore.sql.Database},
 * the questions that differ between databases; the store itself; and four ways through it:
 *
 * <ul>
 *   <li>in: {@code SqlStore}, {@code SpoolWriter}, {@code Delivery} and {@code Adoption}, which
 *       deliver what the spool holds, once;
 *   <li>between: {@code Layout}, with {@code BlockLayout} and {@code RowLayout}, and the statements
 *       named {@code Insert…}, {@code Select…} and {@code Delete…}. All SQL is jOOQ on the
 *       generated tables of {@code io.latencystore.sql.schema};
 *   <li>out: {@code DatabaseSource}, {@code TailSource} and {@code UnexpiredSource}, of which
 *       questions are asked;
 *   <li>upkeep: {@code Upkeep} and its chores {@code Retention}, {@code Gathering} and {@code
 *       Compacting}.
 * </ul>
 *
 * <p>Beneath them are {@code Connections}, {@code Session} and {@code Migrations}.
 *
 * <p>May import: everything else in core, jOOQ, HikariCP and Flyway.
 *
 * <p>Start reading at {@link io.latencystore.sql.SqlStoreProvider}, or at {@link
 * io.latencystore.sql.Dialect} to add a database.
 */
@NullMarked
package io.latencystore.sql;

import org.jspecify.annotations.NullMarked;
