package io.latencystore.testkit;

import io.latencystore.testkit.ChaosScript.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A network that fails where a test says: a proxy on the loopback interface, in front of a
 * PostgreSQL server.
 *
 * <pre>{@code
 * try (ChaosProxy proxy = ChaosProxy.to("127.0.0.1", 5432)) {
 *   // … connect to 127.0.0.1, port proxy.port(), with sslmode=disable …
 *   proxy.cutAfter(PostgresMessage.COMMIT, 3); // stored, but the client never hears of it
 *   proxy.refuse();
 *   proxy.cut();
 *   proxy.pass(); // and all is well again
 * }
 * }</pre>
 *
 * <p>What is set applies at once, to the connections there are and to those to come; {@link #pass}
 * takes all of it back. The faults that wait for a message count messages of its kind over all
 * connections from the moment they are set, strike once, on the connection where the message comes
 * by, and are gone. Connections that are encrypted pass, though no message is recognised on them.
 *
 * <p>Every connection has two daemon threads, named after the proxy's port. Safe for use by any
 * thread.
 */
public final class ChaosProxy implements AutoCloseable {

  /** Who sends. */
  public enum Side {
    /** What connected to the proxy. */
    CLIENT,
    /** What the proxy connected to. */
    SERVER;

    Side other() {
      return this == CLIENT ? SERVER : CLIENT;
    }
  }

  private static final int CONNECT_MILLIS = 5_000;
  private static final int BACKLOG = 100;

  private final InetSocketAddress target;
  private final int port;
  private final ChaosScript script = new ChaosScript();
  private final Set<ChaosConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();
  private @Nullable Acceptor acceptor;
  private boolean closed;

  private record Acceptor(ServerSocket socket, Thread thread) {}

  private ChaosProxy(InetSocketAddress target) {
    this.target = target;
    this.port = listen(0);
  }

  /**
   * A proxy that passes everything on to this server, which need not be there yet.
   *
   * @throws UncheckedIOException if no port is free
   */
  public static ChaosProxy to(String host, int port) {
    return new ChaosProxy(new InetSocketAddress(host, port));
  }

  /** Where it listens, on the loopback interface; the same as long as it lives. */
  public int port() {
    return port;
  }

  /**
   * Takes back whatever was set: new connections are accepted, and everything passes, beginning
   * with what was frozen.
   *
   * @throws UncheckedIOException if the port was taken by somebody else meanwhile
   * @throws IllegalStateException if the proxy is closed
   */
  public synchronized void pass() {
    if (closed) {
      throw new IllegalStateException("the proxy to " + target + " is closed");
    }
    script.clear();
    if (acceptor == null) {
      listen(port);
    }
  }

  /** Refuses new connections; those there are go on. */
  public synchronized void refuse() {
    if (acceptor == null) {
      return;
    }
    ChaosConnection.closeQuietly(acceptor.socket);
    try {
      // The port is open for as long as the thread waits there.
      acceptor.thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    acceptor = null;
  }

  /** Cuts all connections there are; new ones are accepted. */
  public void cut() {
    open.forEach(ChaosConnection::cut);
  }

  /** Hands on nothing, though connections stay open and new ones are accepted. */
  public void freeze() {
    freeze(Side.CLIENT);
    freeze(Side.SERVER);
  }

  /** Hands on nothing of what this side sends. */
  public void freeze(Side from) {
    script.freeze(from);
  }

  /**
   * Hands on everything so much later, in either direction.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public void delay(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay(" + delay + "): must not be negative");
    }
    script.delay(delay.toNanos());
  }

  /**
   * Cuts a connection instead of handing on the {@code n}-th message of a kind. What was sent
   * before is handed on.
   *
   * @param n from 1
   */
  public void cutBefore(PostgresMessage message, long n) {
    at(message, n, Verdict.CUT_BEFORE);
  }

  /**
   * Cuts a connection right after handing on the {@code n}-th message of a kind. A server gets it
   * for certain and acts on it, while nothing more reaches the client, whose connection ends
   * without waiting for the server.
   *
   * @param n from 1
   */
  public void cutAfter(PostgresMessage message, long n) {
    at(message, n, Verdict.CUT_AFTER);
  }

  /**
   * Freezes a connection, in both directions, just before the {@code n}-th message of a kind would
   * be handed on; which it is once all may pass.
   *
   * @param n from 1
   */
  public void freezeBefore(PostgresMessage message, long n) {
    at(message, n, Verdict.FREEZE_BEFORE);
  }

  /**
   * Freezes a connection, in both directions, right after handing on the {@code n}-th message of a
   * kind.
   *
   * @param n from 1
   */
  public void freezeAfter(PostgresMessage message, long n) {
    at(message, n, Verdict.FREEZE_AFTER);
  }

  private void at(PostgresMessage message, long n, Verdict verdict) {
    if (n < 1) {
      throw new IllegalArgumentException("message number " + n + ": they count from 1");
    }
    script.add(message, n, verdict);
  }

  /** How often a fault that waited for a message has struck. */
  public long strikes() {
    return script.strikes();
  }

  /** How many connections were accepted so far. */
  public long connections() {
    return accepted.get();
  }

  /**
   * How many connections there are. One that was cut at a message counts until the server has ended
   * it, having done what it was sent.
   */
  public int openConnections() {
    return open.size();
  }

  /** Refuses new connections for good, and cuts those there are. */
  @Override
  public synchronized void close() {
    closed = true;
    refuse();
    cut();
  }

  private int listen(int wanted) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), BACKLOG);
      Thread thread = new Thread(() -> accept(socket), "chaos-proxy-" + socket.getLocalPort());
      thread.setDaemon(true);
      thread.start();
      acceptor = new Acceptor(socket, thread);
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the proxy to " + target + " cannot listen on port " + wanted, e);
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        connect(socket.accept());
      } catch (IOException e) {
        // Either it was closed, and the loop ends, or one client gave up early.
      }
    }
  }

  private void connect(Socket client) {
    String name = "chaos-proxy-" + client.getLocalPort() + "-" + accepted.incrementAndGet();
    Socket server = new Socket();
    ChaosConnection connection = new ChaosConnection(client, server, script, open::remove);
    open.add(connection);
    try {
      server.connect(target, CONNECT_MILLIS);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      connection.start(name);
    } catch (IOException e) {
      open.remove(connection);
      connection.cut();
    }
  }
}
