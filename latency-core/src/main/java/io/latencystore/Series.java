package io.latencystore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * What a measurement is a measurement of: a component, and the command it carried out.
 *
 * <p>Names are any Unicode text without NUL and without lone surrogates, and are kept byte for
 * byte: they are never trimmed, folded or normalised, and may be empty. Series are ordered by
 * component, then command, both by code point.
 *
 * @param component at most {@value #MAX_COMPONENT_BYTES} bytes of UTF-8
 * @param command at most {@value #MAX_COMMAND_BYTES} bytes of UTF-8, so that raw SQL fits
 */
public record Series(String component, String command) implements Comparable<Series> {

  /** The longest component, in bytes of UTF-8. */
  public static final int MAX_COMPONENT_BYTES = 1024;

  /** The longest command, in bytes of UTF-8. */
  public static final int MAX_COMMAND_BYTES = 16 * 1024;

  /**
   * A series of these names.
   *
   * @throws InvalidMeasurementException if a name is too long, or has a NUL or a lone surrogate
   */
  public Series {
    Text.checkName("component", component, MAX_COMPONENT_BYTES);
    Text.checkName("command", command, MAX_COMMAND_BYTES);
  }

  /**
   * The identity of this series in every process and database: the first 63 bits of SHA-256 over
   * the UTF-8 names, each preceded by its length in bytes as four bytes, most significant first.
   * Never negative.
   */
  public long id() {
    MessageDigest digest = sha256();
    for (String name : new String[] {component, command}) {
      byte[] bytes = name.getBytes(UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
    return ByteBuffer.wrap(digest.digest()).getLong() >>> 1;
  }

  // The methods that a record has of itself cost a process 10 ms when they are first used.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Series series
        && component.equals(series.component)
        && command.equals(series.command);
  }

  @Override
  public int hashCode() {
    return 31 * component.hashCode() + command.hashCode();
  }

  @Override
  public int compareTo(Series other) {
    int byComponent = Text.compareCodePoints(component, other.component);
    return byComponent != 0 ? byComponent : Text.compareCodePoints(command, other.command);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
