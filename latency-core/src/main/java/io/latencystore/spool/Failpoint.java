package io.latencystore.spool;

import org.jspecify.annotations.Nullable;

/**
 * Places where a test lets the process die: it halts at the one that the system property {@code
 * io.latencystore.haltAt} names, if any. Without the property a failpoint costs nothing, since the
 * compiler knows the constant.
 */
public final class Failpoint {

  private static final @Nullable String HALT_AT = System.getProperty("io.latencystore.haltAt");
  private static final boolean ARMED = HALT_AT != null;
  private static final int STATUS = 86;

  private Failpoint() {}

  /** Dies here if this is the place. */
  public static void pass(String name) {
    if (ARMED && name.equals(HALT_AT)) {
      Runtime.getRuntime().halt(STATUS);
    }
  }
}
