/**
 * The block: some hundreds of measurements of one series and outcome, sorted by time and packed
 * into a few bytes each.
 *
 * <p>What lives here: {@link io.latencystore.block.MeasurementBatch}, which collects measurements
 * and cuts them into blocks; {@link io.latencystore.block.BlockEncoder} and {@link
 * io.latencystore.block.BlockDecoder}, pure functions on arrays; {@link
 * io.latencystore.block.Level}, the slots that blocks lie in. Internal: may change in any version.
 *
 * <p>May import: the API.
 *
 * <p>Start reading at {@link io.latencystore.block.BlockEncoder}, which draws the format.
 */
@NullMarked
package io.latencystore.block;

import org.jspecify.annotations.NullMarked;
