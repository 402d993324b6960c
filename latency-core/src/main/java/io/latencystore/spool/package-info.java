/**
 * What was recorded and is not committed yet.
 *
 * <p>What lives here: {@link io.latencystore.spool.Spool}, where recording puts measurements and
 * the writer takes them from. Internal: may change in any version.
 *
 * <p>May import: the API.
 *
 * <p>Start reading at {@link io.latencystore.spool.Spool}.
 */
@NullMarked
package io.latencystore.spool;

import org.jspecify.annotations.NullMarked;
