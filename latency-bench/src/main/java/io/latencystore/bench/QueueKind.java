package io.latencystore.bench;

/** Which queue stands in front of the peer's writer. */
public enum QueueKind {

  /** The JDK's, of a new object for each row. */
  ARRAY_BLOCKING_QUEUE,

  /** JCTools' for many producers and a single consumer, of a new object for each row. */
  JCTOOLS_MPSC,

  /** The LMAX Disruptor's ring, whose objects are there from the start. */
  DISRUPTOR;

  /** A queue with room for {@code capacity} rows, a power of two. */
  RowQueue create(int capacity) {
    return switch (this) {
      case ARRAY_BLOCKING_QUEUE -> new RowQueue.OfArrayBlockingQueue(capacity);
      case JCTOOLS_MPSC -> new RowQueue.OfJctools(capacity);
      case DISRUPTOR -> new RowQueue.OfDisruptor(capacity);
    };
  }
}
