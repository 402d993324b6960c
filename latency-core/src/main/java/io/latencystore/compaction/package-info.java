/**
 * Compaction: merging small blocks into fewer.
 *
 * <p>What lives here: {@link io.latencystore.compaction.Compaction}, which goes through the slots
 * that {@code Backlog} names; {@code SmallBlocksOfSlot} and {@code SmallBlock}, which choose what
 * is worth it; {@link io.latencystore.compaction.BlockMerging}, which puts fewer blocks in the
 * place of many, with {@code SelectSmallBlocks}, {@code SelectWholeBlocks} and {@code
 * DeleteMergedBlocks}. Internal: may change in any version.
 *
 * <p>May import: the API, {@code io.latencystore.block}, the failpoints of {@code
 * io.latencystore.spool}, {@code io.latencystore.sql}, {@code io.latencystore.layout} and jOOQ.
 *
 * <p>Start reading at {@link io.latencystore.compaction.Compaction}.
 */
@NullMarked
package io.latencystore.compaction;

import org.jspecify.annotations.NullMarked;
