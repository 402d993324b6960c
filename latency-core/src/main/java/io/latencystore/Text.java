package io.latencystore;

import io.latencystore.InvalidMeasurementException.Reason;
import java.util.Locale;

/**
 * What text may be stored, how it is ordered, and how it is shown in a message. For code that
 * handles names itself.
 */
public final class Text {

  private static final int SHOWN = 80;

  private Text() {}

  static void checkName(String what, String name, int maxBytes) {
    check(what, name, maxBytes, Reason.NAME);
  }

  static void checkMetadata(String metadata, int maxBytes) {
    check("metadata", metadata, maxBytes, Reason.METADATA);
  }

  private static void check(String what, String text, int maxBytes, Reason reason) {
    if (text == null) {
      throw new InvalidMeasurementException(reason, what + " is null; an empty text is legal");
    }
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new InvalidMeasurementException(
            reason, what + " " + quoted(text) + " has a NUL at index " + i + "; remove it");
      } else if (c < 0x80) {
        bytes += 1;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        throw new InvalidMeasurementException(
            reason,
            what
                + " "
                + quoted(text)
                + " has a lone surrogate at index "
                + i
                + ", which is no Unicode text; remove it");
      }
    }
    if (bytes > maxBytes) {
      throw new InvalidMeasurementException(
          reason,
          what
              + " "
              + quoted(text)
              + " has "
              + bytes
              + " bytes of UTF-8; at most "
              + maxBytes
              + " fit");
    }
  }

  /** Orders by code point, where {@link String#compareTo} orders by UTF-16 unit. */
  public static int compareCodePoints(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return Character.isSurrogate(x) == Character.isSurrogate(y)
            ? Character.compare(x, y)
            : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** The text in quotes on one line, control characters escaped, shortened if long. */
  public static String quoted(String text) {
    StringBuilder shown = new StringBuilder("\"");
    int end = Math.min(text.length(), SHOWN);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.append(end < text.length() ? "…\"" : "\"").toString();
  }
}
