/**
 * Answers: everything that is computed from measurements, in one place for all databases and
 * layouts.
 *
 * <p>What lives here: {@link io.latencystore.query.Source}, what a layout gives; {@link
 * io.latencystore.query.Aggregation}, summaries of any grouping with exact percentiles in bounded
 * memory; {@link io.latencystore.query.LastMeasurements} and {@link
 * io.latencystore.query.TimeOrderedPages}, measurements themselves. Internal: may change in any
 * version.
 *
 * <p>May import: the API and {@code io.latencystore.block}.
 *
 * <p>Start reading at {@link io.latencystore.query.Aggregation}.
 */
@NullMarked
package io.latencystore.query;

import org.jspecify.annotations.NullMarked;
