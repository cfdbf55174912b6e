package dev.tallystick.embedded.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on the loopback interface that can fail on command: between a client and one target
 * it passes bytes, holds each of them back for a while, or drops all connections and refuses new
 * ones.
 *
 * <p>Refusing means a reset right after the handshake. The listening socket stays open: a port
 * given back could be taken by somebody else before {@link #restore()}.
 *
 * <p>Any thread may call any method. Faults are counted, so that a test can tell whether the fault
 * it planned did strike.
 */
public final class TcpFault implements AutoCloseable {
  private static final int CHUNK_BYTES = 16 * 1024;

  /** Chunks held back in one direction of one connection before the sender is slowed down. */
  private static final int CHUNKS_MAX = 256;

  private static final int CONNECT_TIMEOUT_MS = 2_000;

  private final ServerSocket listener;
  private final AtomicLong delayMs = new AtomicLong();
  private final AtomicLong droppedCount = new AtomicLong();
  private final AtomicLong refusedCount = new AtomicLong();

  private final ReentrantLock state = new ReentrantLock();
  private final Set<Link> links = new HashSet<>();
  private @Nullable InetSocketAddress target;
  private boolean cut;
  private boolean closed;

  private TcpFault(ServerSocket listener) {
    this.listener = listener;
    Thread.ofVirtual().name("tcp-fault-" + listener.getLocalPort()).start(this::accept);
  }

  /** A proxy on a free port that refuses everybody until it is told where to {@link #forwardTo}. */
  public static TcpFault open() {
    try {
      return new TcpFault(new ServerSocket(0, 64, InetAddress.ofLiteral("127.0.0.1")));
    } catch (IOException e) {
      throw new UncheckedIOException("no port for a fault proxy", e);
    }
  }

  /** A proxy on a free port to that target. */
  public static TcpFault to(String host, int port) {
    var proxy = open();
    proxy.forwardTo(host, port);
    return proxy;
  }

  /** Where new connections go from now on; those there are stay. */
  @SuppressWarnings("AddressSelection") // one address is what a test gives
  public void forwardTo(String host, int port) {
    locked(() -> target = new InetSocketAddress(host, port));
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** {@code host:port} for clients. */
  public String address() {
    return host() + ":" + port();
  }

  /**
   * Drops all connections and refuses new ones until {@link #restore()}. Bytes on their way through
   * are lost.
   */
  public void cut() {
    locked(
        () -> {
          cut = true;
          droppedCount.addAndGet(links.size());
          dropAll();
        });
  }

  /** Lets new connections through again. */
  public void restore() {
    locked(() -> cut = false);
  }

  /**
   * Holds back what arrives from now on, in each direction, by {@code ms} milliseconds; 0 ends it.
   * Throughput stays.
   */
  public void delay(long ms) {
    if (ms < 0) {
      throw new IllegalArgumentException("delay of " + ms + " ms is negative");
    }
    delayMs.set(ms);
  }

  /** Living connections dropped by {@link #cut()} so far. */
  public long droppedCount() {
    return droppedCount.get();
  }

  /** Connections refused so far, because of a cut or because the target refused. */
  public long refusedCount() {
    return refusedCount.get();
  }

  /** Drops all connections and gives the port back; a second call does nothing. */
  @Override
  public void close() {
    locked(
        () -> {
          closed = true;
          quietly(listener);
          dropAll();
        });
  }

  private void accept() {
    while (true) {
      Socket client;
      try {
        client = listener.accept();
      } catch (IOException _) {
        return; // closed
      }
      // Connecting may take its time; the next client should not have to wait for it.
      Thread.ofVirtual().name("tcp-fault-connect").start(() -> connect(client));
    }
  }

  private void connect(Socket client) {
    InetSocketAddress address = destination();
    var server = new Socket();
    try {
      if (address == null) {
        throw new SocketException("cut");
      }
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(address, CONNECT_TIMEOUT_MS);
      var link = new Link(client, server);
      boolean admitted = admit(link);
      if (!admitted) {
        throw new SocketException("cut meanwhile");
      }
      link.start();
    } catch (IOException _) {
      refusedCount.incrementAndGet();
      reset(client);
      reset(server);
    }
  }

  private @Nullable InetSocketAddress destination() {
    state.lock();
    try {
      return cut || closed ? null : target;
    } finally {
      state.unlock();
    }
  }

  private boolean admit(Link link) {
    state.lock();
    try {
      return !cut && !closed && links.add(link);
    } finally {
      state.unlock();
    }
  }

  private void dropAll() {
    List.copyOf(links).forEach(Link::drop);
    links.clear();
  }

  private void locked(Runnable change) {
    state.lock();
    try {
      change.run();
    } finally {
      state.unlock();
    }
  }

  /** Closes with a reset instead of a polite end: what a broken network looks like. */
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // already closed
    }
    quietly(socket);
  }

  private static void quietly(Closeable resource) {
    try {
      resource.close();
    } catch (IOException _) {
      // nothing is lost: it is being thrown away
    }
  }

  /** Bytes and the time from which on they may be passed; no bytes mean the end of the stream. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Chunk(byte[] bytes, long dueNanos) {}

  /**
   * One connection: two sockets and, for each direction, one thread that reads and one that writes
   * when the time has come.
   */
  private final class Link {
    private final Socket client;
    private final Socket server;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger openDirections = new AtomicInteger(2);

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
      direction(client, server);
      direction(server, client);
    }

    private void direction(Socket from, Socket to) {
      BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(CHUNKS_MAX);
      threads.add(
          Thread.ofVirtual()
              .name("tcp-fault-read")
              .unstarted(() -> guarded(() -> read(from, chunks))));
      threads.add(
          Thread.ofVirtual()
              .name("tcp-fault-write")
              .unstarted(() -> guarded(() -> write(chunks, to))));
    }

    void start() {
      threads.forEach(Thread::start);
    }

    void drop() {
      reset(client);
      reset(server);
      threads.forEach(Thread::interrupt);
    }

    private void read(Socket from, BlockingQueue<Chunk> chunks)
        throws IOException, InterruptedException {
      var in = from.getInputStream();
      var buffer = new byte[CHUNK_BYTES];
      int count;
      do {
        count = in.read(buffer);
        var due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs.get());
        chunks.put(new Chunk(Arrays.copyOf(buffer, Math.max(count, 0)), due));
      } while (count > 0);
    }

    private void write(BlockingQueue<Chunk> chunks, Socket to)
        throws IOException, InterruptedException {
      var out = to.getOutputStream();
      while (true) {
        var chunk = chunks.take();
        TimeUnit.NANOSECONDS.sleep(chunk.dueNanos() - System.nanoTime());
        if (chunk.bytes().length == 0) {
          to.shutdownOutput();
          if (openDirections.decrementAndGet() == 0) {
            finish();
          }
          return;
        }
        out.write(chunk.bytes());
      }
    }

    private void finish() {
      quietly(client);
      quietly(server);
      locked(() -> links.remove(this));
    }

    private void guarded(Pump pump) {
      try {
        pump.run();
      } catch (IOException | InterruptedException _) {
        // One side is gone or the link was cut: the other side shall notice.
        drop();
        locked(() -> links.remove(this));
      }
    }
  }

  @FunctionalInterface
  private interface Pump {
    void run() throws IOException, InterruptedException;
  }
}
