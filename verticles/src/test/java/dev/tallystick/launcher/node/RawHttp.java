package dev.tallystick.launcher.node;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 over a socket, as simple as it goes: any bytes out, one answer in. */
final class RawHttp implements AutoCloseable {

  private static final int TIMEOUT_MS = 10_000;

  private final int port;
  private @Nullable Socket socket;
  private @Nullable InputStream in;

  RawHttp(int port) {
    this.port = port;
  }

  /**
   * @param headers names in lower case
   */
  record Answer(int status, Map<String, String> headers, String body) {}

  /**
   * @throws IOException also when no answer came within 10 s
   */
  Answer ask(byte[] request, boolean head) throws IOException {
    Socket open = socket;
    InputStream from = in;
    if (open == null || from == null) {
      open = new Socket(InetAddress.getLoopbackAddress(), port);
      open.setSoTimeout(TIMEOUT_MS);
      from = new BufferedInputStream(open.getInputStream());
      socket = open;
      in = from;
    }
    try {
      open.getOutputStream().write(request);
      open.getOutputStream().flush();
    } catch (IOException e) {
      // Refused while it was still being sent: the answer has come nevertheless.
    }
    Answer answer = read(from, head);
    if ("close".equals(answer.headers().get("connection"))) {
      reset();
    }
    return answer;
  }

  private static Answer read(InputStream in, boolean head) throws IOException {
    String statusLine = line(in);
    int status = Integer.parseInt(statusLine.split(" ")[1]);
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    if (status == 100) {
      return read(in, head);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = head ? new byte[0] : in.readNBytes(length);
    return new Answer(status, headers, new String(body, StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended after " + line);
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    reset();
  }

  /** The next request opens a connection of its own. */
  void reset() throws IOException {
    Socket open = socket;
    socket = null;
    in = null;
    if (open != null) {
      open.close();
    }
  }
}
