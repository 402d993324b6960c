package io.latencystore.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** Standard output could not be written; told apart from the files that a verb reads and writes. */
final class StandardOutputException extends IOException {

  private static final long serialVersionUID = 1;

  private StandardOutputException(IOException cause) {
    super("standard output cannot be written: " + cause.getMessage(), cause);
  }

  /** Whether its reader has seen enough and closed it, as {@code head} does. */
  static boolean isReaderGone(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof StandardOutputException && t.getCause() != null) {
        String said = String.valueOf(t.getCause().getMessage()).toLowerCase(Locale.ROOT);
        return said.contains("pipe");
      }
    }
    return false;
  }

  /** A stream whose failures are of this kind. */
  static final class Thrower extends FilterOutputStream {

    Thrower(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      try {
        out.write(b);
      } catch (IOException e) {
        throw new StandardOutputException(e);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw new StandardOutputException(e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        throw new StandardOutputException(e);
      }
    }
  }
}
