package io.latencystore.cli;

import io.latencystore.LatencyStoreBuilder;
import io.latencystore.StoreLayout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of verbs that may make a database. */
final class LayoutOption {

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description = {
        "How measurements lie in a database that is new: blocks, small and fast, or rows, for"
            + " questions in SQL.",
        "Default: blocks. What is there keeps its layout, and naming the other one is an error."
      })
  private @Nullable String layout;

  /**
   * The builder with the layout, if one was named.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  LatencyStoreBuilder chosen(LatencyStoreBuilder builder) {
    return layout == null ? builder : builder.layout(StoreLayout.of(layout));
  }
}
