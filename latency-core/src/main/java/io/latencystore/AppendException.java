package io.latencystore;

/**
 * A bulk load ended early. The first {@link #committed} measurements of it are stored, except those
 * whose time had expired already. Whether the {@link #inDoubt} ones behind them are is not known,
 * since the database went away in the middle of a commit and does not answer; all of those are, or
 * none. No others are stored, so the load can go on from there.
 */
public final class AppendException extends StoreException {

  private final long committed;
  private final long inDoubt;

  /**
   * An exception that ended a bulk load.
   *
   * @param committed how many leading measurements are stored
   * @param inDoubt how many of those behind them may be stored or not
   * @param cause what ended the load
   */
  public AppendException(long committed, long inDoubt, Throwable cause) {
    super(
        "append ended early; the first "
            + committed
            + " measurements are stored, "
            + (inDoubt == 0 ? "" : "perhaps the next " + inDoubt + " too, ")
            + "and no others, so go on from there: "
            + cause.getMessage(),
        cause);
    this.committed = committed;
    this.inDoubt = inDoubt;
  }

  /** How many leading measurements of the load are stored. */
  public long committed() {
    return committed;
  }

  /** How many measurements behind those may be stored or not; usually none. */
  public long inDoubt() {
    return inDoubt;
  }
}
