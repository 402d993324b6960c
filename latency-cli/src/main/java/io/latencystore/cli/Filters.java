package io.latencystore.cli;

import static java.time.temporal.ChronoUnit.MICROS;

import io.latencystore.LatencyQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which measurements a verb is about. */
final class Filters {

  private static final Duration MICROSECOND = MICROS.getDuration();

  @Option(
      names = "--from",
      paramLabel = "T",
      converter = Moment.class,
      description =
          "Only measurements at T or later: ISO-8601 (UTC if it names no zone) or epoch"
              + " microseconds.")
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "T",
      converter = Moment.class,
      description = "Only measurements before T.")
  private @Nullable Instant to;

  @Option(
      names = "--since",
      paramLabel = "SPAN",
      converter = Span.class,
      description =
          "Only measurements of the last SPAN: a number and us, ms, s, m, h, d or w, like 90s or"
              + " 7d.")
  private @Nullable Duration since;

  @Option(
      names = "--component",
      paramLabel = "NAME",
      description = "Only measurements of this component; may be repeated.")
  private List<String> components = List.of();

  @Option(
      names = "--command",
      paramLabel = "NAME",
      description = "Only measurements of this command; may be repeated.")
  private List<String> commands = List.of();

  @Option(
      names = "--success",
      arity = "1",
      paramLabel = "true|false",
      description = "Only successes, or only failures.")
  private @Nullable Boolean success;

  /**
   * The query that was typed.
   *
   * @throws IllegalArgumentException if its window makes no sense
   */
  LatencyQuery query() {
    LatencyQuery query = window().components(components).commands(commands);
    if (success == null) {
      return query;
    }
    return success ? query.successes() : query.failures();
  }

  private LatencyQuery window() {
    if (since == null) {
      return isEmpty()
          ? LatencyQuery.all().window(from, from)
          : LatencyQuery.all().window(from, to);
    } else if (from != null || to != null) {
      throw new IllegalArgumentException(
          "--since names the whole window; leave out --from and --to, or --since");
    }
    return LatencyQuery.last(since);
  }

  /**
   * Whether the window ends one microsecond before it begins. That is how an interval that includes
   * both its ends says that nothing is in it, so it is answered; one that is inverted by more is a
   * mistake, and refused.
   */
  private boolean isEmpty() {
    return from != null
        && to != null
        && Duration.between(to.truncatedTo(MICROS), from.truncatedTo(MICROS)).equals(MICROSECOND);
  }
}
