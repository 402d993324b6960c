package io.latencystore.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Figures as people read them: rounded to three digits, in a unit of their size. */
final class Rounded {

  private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);
  private static final String[] TIMES = {"µs", "ms", "s"};
  private static final String[] SIZES = {"bytes", "kB", "MB", "GB", "TB"};
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);

  private Rounded() {}

  static String duration(Duration duration) {
    return micros(Micros.exact(duration));
  }

  static String duration(Optional<Duration> duration) {
    return duration.map(Rounded::duration).orElse("-");
  }

  static String micros(BigDecimal micros) {
    return scaled(micros, TIMES);
  }

  static String bytes(long bytes) {
    return scaled(BigDecimal.valueOf(bytes), SIZES);
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String count(BigInteger count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A share from 0 to 1 as a percentage. */
  static String share(double share) {
    return plain(BigDecimal.valueOf(share).movePointRight(2)) + " %";
  }

  static String number(double number) {
    return plain(BigDecimal.valueOf(number));
  }

  private static String scaled(BigDecimal value, String[] units) {
    BigDecimal scaled = value;
    int unit = 0;
    while (unit < units.length - 1 && scaled.round(THREE_DIGITS).compareTo(THOUSAND) >= 0) {
      scaled = scaled.movePointLeft(3);
      unit++;
    }
    boolean whole = unit == 0 && scaled.stripTrailingZeros().scale() <= 0;
    return (whole ? scaled.toBigInteger().toString() : plain(scaled)) + " " + units[unit];
  }

  /** Three digits, or the whole number if that has more, grouped by thousands. */
  private static String plain(BigDecimal number) {
    BigDecimal rounded = number.round(THREE_DIGITS);
    int wholeDigits = rounded.precision() - rounded.scale();
    int decimals = number.signum() == 0 ? 0 : Math.max(0, 3 - wholeDigits);
    BigDecimal shown = number.setScale(decimals, RoundingMode.HALF_UP);
    return String.format(Locale.ROOT, "%,." + decimals + "f", shown);
  }
}
