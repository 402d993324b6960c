package io.latencystore.testkit;

import io.latencystore.testkit.ChaosProxy.Side;
import io.latencystore.testkit.ChaosScript.Verdict;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A client's connection through a {@link ChaosProxy}: two sockets, and for each a thread that hands
 * on what comes in there.
 *
 * <p>A connection that is cut at a message is severed: the client is left at once, while the server
 * gets all that was forwarded and then the end of the stream, and its answers are read until it has
 * ended too. So it is certain that it has done what it was sent.
 */
final class ChaosConnection {

  private static final int CHUNK = 1 << 16;

  private final Socket client;
  private final Socket server;
  private final ChaosScript script;
  private final Consumer<ChaosConnection> whenOver;
  private final PostgresReader.Negotiation negotiation = new PostgresReader.Negotiation();
  private final AtomicInteger flowing = new AtomicInteger(2);
  private final Set<Side> muted = ConcurrentHashMap.newKeySet();

  ChaosConnection(
      Socket client, Socket server, ChaosScript script, Consumer<ChaosConnection> whenOver) {
    this.client = client;
    this.server = server;
    this.script = script;
    this.whenOver = whenOver;
  }

  void start(String name) {
    for (Side from : Side.values()) {
      Thread thread = new Thread(() -> run(from), name + "-" + from);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Whether what this side sends is for the other. */
  boolean forwards(Side from) {
    return !muted.contains(from) && !server.isClosed();
  }

  /** Leaves both sides at once. */
  void cut() {
    closeQuietly(client);
    closeQuietly(server);
    script.connectionChanged();
  }

  private void run(Side from) {
    try {
      handOn(from);
    } catch (IOException e) {
      // A side is gone. Unless that is our doing, the other is to notice.
      if (forwards(from)) {
        cut();
      }
    } finally {
      if (flowing.decrementAndGet() == 0) {
        cut();
        script.forget(this);
        whenOver.accept(this);
      }
    }
  }

  private void handOn(Side from) throws IOException {
    InputStream in = new BufferedInputStream(new DelayedInput(from), CHUNK);
    PostgresReader reader = new PostgresReader(from, in, negotiation);
    for (var message = reader.next(); message != null; message = reader.next()) {
      Verdict verdict = script.meet(from, message.type(), message.text());
      before(verdict, from);
      forward(from, message.head().array(), message.head().limit());
      forwardRest(from, in, message.rest());
      after(verdict, from);
    }
    awaitThaw(from);
    if (forwards(from)) {
      socket(from.other()).shutdownOutput();
    }
  }

  private void before(Verdict verdict, Side from) throws IOException {
    switch (verdict) {
      case FORWARD -> {}
      case CUT_BEFORE -> sever(from, verdict);
      // No answer may slip through.
      case CUT_AFTER -> muted.add(from.other());
      case FREEZE_AFTER -> script.freeze(this, from.other());
      case FREEZE_BEFORE -> {
        script.freeze(this, from.other());
        script.freeze(this, from);
      }
    }
  }

  private void after(Verdict verdict, Side from) throws IOException {
    if (verdict == Verdict.CUT_AFTER) {
      sever(from, verdict);
    } else if (verdict == Verdict.FREEZE_AFTER) {
      script.freeze(this, from);
    }
  }

  private void sever(Side from, Verdict verdict) throws IOException {
    muted.addAll(List.of(Side.values()));
    script.connectionChanged();
    if (from == Side.SERVER && verdict == Verdict.CUT_AFTER) {
      // Closing a socket from which not all was read may destroy what was written to it.
      client.shutdownOutput();
    } else {
      client.close();
    }
    server.shutdownOutput();
  }

  private void forwardRest(Side from, InputStream in, int length) throws IOException {
    byte[] chunk = new byte[Math.min(length, CHUNK)];
    for (int left = length; left > 0; ) {
      int read = in.read(chunk, 0, Math.min(left, chunk.length));
      if (read < 0) {
        throw new EOFException("in the middle of a message");
      }
      forward(from, chunk, read);
      left -= read;
    }
  }

  private void forward(Side from, byte[] bytes, int length) throws IOException {
    awaitThaw(from);
    if (!forwards(from)) {
      return;
    }
    try {
      OutputStream out = socket(from.other()).getOutputStream();
      out.write(bytes, 0, length);
    } catch (IOException e) {
      if (forwards(from)) {
        throw e;
      }
    }
  }

  private void awaitThaw(Side from) throws IOException {
    try {
      script.awaitThaw(this, from);
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  private Socket socket(Side side) {
    return side == Side.CLIENT ? client : server;
  }

  static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is left in any case.
    }
  }

  /** Hands on what comes in as late as the script says. */
  private final class DelayedInput extends FilterInputStream {

    private final Side from;

    DelayedInput(Side from) throws IOException {
      super(socket(from).getInputStream());
      this.from = from;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      try {
        script.awaitDelay(ChaosConnection.this, from);
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
      return read;
    }
  }
}
