/**
 * Layouts: how measurements lie in tables, and the SQL that puts them there and finds them.
 *
 * <p>What lives here: {@link io.latencystore.layout.Layout}, the seam between that and the rest,
 * and {@link io.latencystore.layout.Startup}, which opens a database and says which layout it has.
 * One statement is one class, named after its verb and its table:
 *
 * <ul>
 *   <li>blocks: {@code BlockLayout}, {@code BlockSource} and {@code BlockRow}, with {@code
 *       InsertBlocks}, {@code SelectBlocks}, {@code DeleteBlocks} and {@code StoredBlocks};
 *   <li>rows: {@code RowLayout}, {@code RowSource} and {@code RowPiece}, with {@code InsertEvents},
 *       {@code SelectEvents}, {@code SumEvents}, {@code DeleteEvents} and {@code StoredEvents};
 *   <li>series, for both: {@code SeriesDictionary} and {@code SeriesFilter};
 *   <li>what has expired, in both: {@link io.latencystore.layout.Cutoffs}, with {@code
 *       SelectCutoffs} and {@code AdvanceCutoffs}, and {@link
 *       io.latencystore.layout.UnexpiredSource}, which hides it.
 * </ul>
 *
 * <p>Internal: may change in any version.
 *
 * <p>May import: the API, {@code io.latencystore.block}, {@code io.latencystore.query}, the
 * failpoints of {@code io.latencystore.spool}, {@code io.latencystore.sql} and jOOQ.
 *
 * <p>Start reading at {@link io.latencystore.layout.Layout}.
 */
@NullMarked
package io.latencystore.layout;

import org.jspecify.annotations.NullMarked;
