/**
 * The store: the API on a SQL database, put together from all the other packages.
 *
 * <p>What lives here: {@link io.latencystore.store.SqlStoreProvider}, which finds the dialect and
 * opens a {@code SqlStore}; and the ways through that:
 *
 * <ul>
 *   <li>in, by the spool: {@code Recording} puts measurements into it; {@code SpoolWriter} brings
 *       them from there into the database, by {@code Delivery} and {@code Producer}, once; {@code
 *       Adoption} does the same for what dead processes have left, and {@code DeadLetters} keeps
 *       what the database refuses;
 *   <li>in, past the spool: {@code Appending};
 *   <li>out: {@code TailSource}, which puts behind what is stored what the spool still holds.
 * </ul>
 *
 * <p>Internal: may change in any version.
 *
 * <p>May import: everything else in core but {@code io.latencystore.compaction}; jOOQ and SLF4J.
 *
 * <p>Start reading at {@link io.latencystore.store.SqlStoreProvider}.
 */
@NullMarked
package io.latencystore.store;

import org.jspecify.annotations.NullMarked;
