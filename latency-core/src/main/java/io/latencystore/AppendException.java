package io.latencystore;

/**
 * A bulk load ended early. The first {@link #committed} measurements of it are stored, and no
 * others, so that the load can go on from there.
 */
public final class AppendException extends StoreException {

  private final long committed;

  /**
   * An exception that ended a bulk load.
   *
   * @param committed how many leading measurements are stored
   * @param cause what ended the load
   */
  public AppendException(long committed, Throwable cause) {
    super(
        "append ended early; the first "
            + committed
            + " measurements are stored and no others, so go on from there: "
            + cause.getMessage(),
        cause);
    this.committed = committed;
  }

  /** How many leading measurements of the load are stored. */
  public long committed() {
    return committed;
  }
}
