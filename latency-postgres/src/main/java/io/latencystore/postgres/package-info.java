/**
 * Latency Store on PostgreSQL.
 *
 * <p>What lives here: {@link io.latencystore.postgres.PostgresDialect}, the only public class, and
 * behind it how a URL is taken apart, how connections are opened and shaped, how partitions are
 * made, and what errors mean.
 *
 * <p>May import: the API, {@code io.latencystore.sql}, the headers and levels of {@code
 * io.latencystore.block}, jOOQ's name of the dialect, and the driver.
 *
 * <p>Start reading at {@link io.latencystore.postgres.PostgresDialect}.
 */
@NullMarked
package io.latencystore.postgres;

import org.jspecify.annotations.NullMarked;
