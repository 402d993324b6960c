/**
 * The {@code latency} command: the store for people and scripts.
 *
 * <p>What lives here: {@link io.latencystore.cli.Main}, which starts the command; one class for
 * each verb, named after it; what verbs share on the way in ({@code Filters}, {@code Percentiles},
 * {@code Moment}, {@code Span}, {@code CsvMeasurements}) and on the way out ({@code JsonOutput},
 * {@code Figures}, {@code Table}, {@code Sparkline}, {@code Rounded}, {@code Printable}, {@code
 * Progress}). Everything it meets from outside (streams, environment, clock) arrives as one {@code
 * Surroundings}.
 *
 * <p>May import: the API of {@code io.latencystore} and nothing behind it, picocli, FastCSV,
 * Jackson's streaming core.
 *
 * <p>Standard output is data, standard error is messages; the exit code is 0 if all went well, 1 if
 * something failed and 2 if the command was misused. The JSON that verbs print is documented in
 * {@code docs/cli-json.md} and stays as it is.
 *
 * <p>Start reading at {@code SummaryCommand}, then {@code Verb} and {@link
 * io.latencystore.cli.Main}.
 */
@NullMarked
package io.latencystore.cli;

import org.jspecify.annotations.NullMarked;
