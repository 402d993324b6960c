/**
 * The spool: what was recorded and is not committed yet, in memory-mapped files that survive the
 * process.
 *
 * <p>What lives here: {@link io.latencystore.spool.Spool}, where recording puts measurements and
 * the writer takes them from; {@link io.latencystore.spool.Segment}, the format; {@link
 * io.latencystore.spool.SegmentRing} and {@link io.latencystore.spool.Keeper}, how much of the
 * spool exists; {@link io.latencystore.spool.SpoolDirectory}, where spools lie and how those of
 * dead processes are found; {@link io.latencystore.spool.Orphan}, one of those. Internal: may
 * change in any version.
 *
 * <p>May import: the API, {@code io.latencystore.policy} and {@code io.latencystore.file}.
 *
 * <p>Start reading at {@link io.latencystore.spool.Spool}.
 */
@NullMarked
package io.latencystore.spool;

import org.jspecify.annotations.NullMarked;
