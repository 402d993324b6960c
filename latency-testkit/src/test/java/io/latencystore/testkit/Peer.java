package io.latencystore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** One end of a connection, which does only what it is told. */
final class Peer implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final int SILENCE_MILLIS = 100;

  private final Socket socket;

  Peer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  static Peer connectedTo(int port) throws IOException {
    return new Peer(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  void sends(byte[]... messages) throws IOException {
    socket.getOutputStream().write(Frames.all(messages));
  }

  void sendsByteByByte(byte[] bytes) throws IOException {
    for (byte each : bytes) {
      socket.getOutputStream().write(each);
    }
  }

  void saysThatItSendsNoMore() throws IOException {
    socket.shutdownOutput();
  }

  /** Asserts that this comes next. */
  void gets(byte[]... messages) throws IOException {
    byte[] expected = Frames.all(messages);
    assertThat(socket.getInputStream().readNBytes(expected.length)).isEqualTo(expected);
  }

  /** Asserts that this comes, and then the end of the stream. */
  void getsOnly(byte[]... messages) throws IOException {
    assertThat(getsAll()).isEqualTo(Frames.all(messages));
  }

  /** All that comes until the end of the stream. */
  byte[] getsAll() throws IOException {
    return socket.getInputStream().readAllBytes();
  }

  /** Asserts that nothing comes, neither a byte nor the end. */
  void getsNothingForNow() throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    try {
      assertThat(socket.getInputStream().read()).as("a byte, or the end").isNull();
    } catch (SocketTimeoutException e) {
      // So it should be.
    } finally {
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  /** Asserts that the connection is broken off, in one way or another. */
  void isLeft() {
    try {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("it goes on", e);
    } catch (IOException e) {
      // It was reset.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
