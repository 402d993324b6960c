package io.latencystore;

import java.util.Locale;

/** How measurements lie in the tables of a database. Chosen when those are made, for good. */
public enum StoreLayout {

  /** Packed, some hundreds to a row: small and fast. */
  BLOCKS,

  /** One row for each measurement, for questions in SQL. */
  ROWS;

  /** How it is written where text is needed, for instance {@code rows}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The layout that is written so.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static StoreLayout of(String text) {
    for (StoreLayout layout : values()) {
      if (layout.text().equals(text)) {
        return layout;
      }
    }
    throw new IllegalArgumentException(
        "the layout " + Text.quoted(text) + " is none of blocks and rows");
  }
}
