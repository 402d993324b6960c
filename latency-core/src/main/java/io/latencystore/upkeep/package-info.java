/**
 * Upkeep: what is done to stored measurements afterwards, by itself or on demand.
 *
 * <p>What lives here: {@link io.latencystore.upkeep.StoreMaintenance}, all of it for one store;
 * {@code Upkeep}, the thread that does each {@code Chore} step by step, and the chores themselves:
 *
 * <ul>
 *   <li>{@code Retention}, which asks the policy about a {@code StoredSnapshot}, lets {@code
 *       ExpiryJudge} and {@code LeapGuard} judge the answer, and deletes in a {@code
 *       RetentionRound};
 *   <li>{@code Gathering}, which moves strays to where they belong;
 *   <li>{@code Compacting}, which takes the steps of a compaction.
 * </ul>
 *
 * <p>{@code MaintenanceSteps} tells who listens of each step. Internal: may change in any version.
 *
 * <p>May import: the API, {@code io.latencystore.policy}, {@code io.latencystore.query}, the
 * failpoints of {@code io.latencystore.spool}, {@code io.latencystore.sql}, {@code
 * io.latencystore.layout}, {@code io.latencystore.compaction} and jOOQ.
 *
 * <p>Start reading at {@link io.latencystore.upkeep.StoreMaintenance}.
 */
@NullMarked
package io.latencystore.upkeep;

import org.jspecify.annotations.NullMarked;
