/**
 * Policies: plain values and pure functions that decide, and that users can replace. A policy owns
 * no thread, clock, connection or state.
 *
 * <p>What lives here: {@link io.latencystore.policy.BatchPolicy}, when to write; {@link
 * io.latencystore.policy.OverflowPolicy}, what to do when there is no room; {@link
 * io.latencystore.policy.RetryPolicy}, how long to wait before another attempt; {@link
 * io.latencystore.policy.RetentionPolicy}, what to delete, which it says as an {@link
 * io.latencystore.policy.Expiry} of {@link io.latencystore.policy.StoredData}.
 *
 * <p>May import: the JDK and JSpecify.
 */
@NullMarked
package io.latencystore.policy;

import org.jspecify.annotations.NullMarked;
