/**
 * Databases: what a dialect is, and how its database is reached. The lowest part of the engine, and
 * the only one that dialects know.
 *
 * <p>What lives here:
 *
 * <ul>
 *   <li>{@link io.latencystore.sql.Dialect} and {@link io.latencystore.sql.Database}, the questions
 *       that differ between databases, with {@link io.latencystore.sql.Failure} and {@link
 *       io.latencystore.sql.Strays};
 *   <li>{@link io.latencystore.sql.PooledConnections} and {@link
 *       io.latencystore.sql.SingleConnection}, the {@link io.latencystore.sql.Connections} that a
 *       dialect chooses from, and {@link io.latencystore.sql.Session}, one of them in use;
 *   <li>{@link io.latencystore.sql.Migrations}, which bring the schema up to this version. The
 *       tables generated from it are in {@code io.latencystore.sql.schema}, and all SQL is {@link
 *       io.latencystore.sql.Jooq} on them;
 *   <li>for the packages above, {@link io.latencystore.sql.StateWatch}, which says how the store is
 *       doing, and {@link io.latencystore.sql.Waiting}.
 * </ul>
 *
 * <p>Above it are {@code io.latencystore.layout}, {@code io.latencystore.compaction}, {@code
 * io.latencystore.upkeep} and {@code io.latencystore.store}, of which each uses those before it.
 * All but what a dialect implements or uses is internal: it may change in any version.
 *
 * <p>May import: the API, {@code io.latencystore.block}, jOOQ, HikariCP, Flyway and SLF4J.
 *
 * <p>Start reading at {@link io.latencystore.sql.Dialect}.
 */
@NullMarked
package io.latencystore.sql;

import org.jspecify.annotations.NullMarked;
