package io.latencystore.bench;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import org.jctools.queues.MpscArrayQueue;

/**
 * The peers of the recording path: bounded queues for many producers and one consumer, which asks
 * for what there is.
 */
interface RowQueue {

  /** Puts a row at the end; returns whether there was room. */
  boolean offer(long timestampMicros, long latencyMicros, int series, boolean success);

  /**
   * Takes rows from the front, at most so many. A row may be used again once the consumer returns.
   *
   * @return how many there were
   */
  int drain(Consumer<Row> consumer, int limit);

  /** See {@link QueueKind#ARRAY_BLOCKING_QUEUE}. */
  final class OfArrayBlockingQueue implements RowQueue {

    private final ArrayBlockingQueue<Row> queue;

    OfArrayBlockingQueue(int capacity) {
      queue = new ArrayBlockingQueue<>(capacity);
    }

    @Override
    public boolean offer(long timestampMicros, long latencyMicros, int series, boolean success) {
      return queue.offer(new Row().set(timestampMicros, latencyMicros, series, success));
    }

    @Override
    public int drain(Consumer<Row> consumer, int limit) {
      int drained = 0;
      for (Row row = queue.poll(); row != null; row = queue.poll()) {
        consumer.accept(row);
        if (++drained == limit) {
          break;
        }
      }
      return drained;
    }
  }

  /** See {@link QueueKind#JCTOOLS_MPSC}. */
  final class OfJctools implements RowQueue {

    private final MpscArrayQueue<Row> queue;

    OfJctools(int capacity) {
      queue = new MpscArrayQueue<>(capacity);
    }

    @Override
    public boolean offer(long timestampMicros, long latencyMicros, int series, boolean success) {
      return queue.offer(new Row().set(timestampMicros, latencyMicros, series, success));
    }

    @Override
    public int drain(Consumer<Row> consumer, int limit) {
      return queue.drain(consumer::accept, limit);
    }
  }

  /** See {@link QueueKind#DISRUPTOR}. */
  final class OfDisruptor implements RowQueue {

    private final RingBuffer<Row> ring;
    private final EventPoller<Row> poller;

    OfDisruptor(int capacity) {
      ring = RingBuffer.createMultiProducer(Row::new, capacity, new YieldingWaitStrategy());
      poller = ring.newPoller();
      ring.addGatingSequences(poller.getSequence());
    }

    @Override
    public boolean offer(long timestampMicros, long latencyMicros, int series, boolean success) {
      long sequence;
      try {
        sequence = ring.tryNext();
      } catch (InsufficientCapacityException e) {
        return false;
      }
      ring.get(sequence).set(timestampMicros, latencyMicros, series, success);
      ring.publish(sequence);
      return true;
    }

    @Override
    public int drain(Consumer<Row> consumer, int limit) {
      int[] drained = new int[1];
      try {
        poller.poll(
            (row, sequence, endOfBatch) -> {
              consumer.accept(row);
              return ++drained[0] < limit;
            });
      } catch (Exception e) {
        throw new IllegalStateException("the consumer of the Disruptor failed", e);
      }
      return drained[0];
    }
  }
}
