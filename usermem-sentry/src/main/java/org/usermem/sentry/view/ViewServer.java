package org.usermem.sentry.view;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.usermem.errno.LinuxException;
import org.usermem.sentry.assembly.Assembly;
import org.usermem.sentry.inspect.Inspection;

/**
 * Serves the view on the loopback interface. Whoever has the address may look: it holds a token of
 * 128 random bits. A page of somebody else in the same browser has it not, and can't make a name of
 * its own lead here, for the Host header must name this machine.
 */
public final class ViewServer implements AutoCloseable {

  /** As the address says, whatever else may mean this machine. */
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private static final int TOKEN_BYTES = 16;

  /** Who finds none free is turned away; streams keep theirs. */
  private static final int MOST_THREADS = 32;

  private static final int MOST_STREAMS = 8;
  private static final int IDLE_SECONDS = 10;
  private static final int MOST_PAGES = 16384;
  private static final String ENDLESS = String.valueOf(Integer.MAX_VALUE);

  private static final Map<String, String> FILES =
      Map.of("view.html", "text/html", "view.css", "text/css", "view.js", "text/javascript");

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
              + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Referrer-Policy",
          "no-referrer",
          "X-Content-Type-Options",
          "nosniff",
          "Cache-Control",
          "no-store");

  private final HttpServer server;
  private final ExecutorService threads;
  private final byte[] token;
  private final StateJson state;
  private final Inspection inspection;
  private final Semaphore streams = new Semaphore(MOST_STREAMS);
  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * Starts to serve.
   *
   * @param port the port; any free one if 0
   * @param inspection looks at the sentry
   * @param assembly its plug-ins, if it has an assembly
   * @throws IllegalArgumentException if the port can't be used
   */
  public ViewServer(int port, Inspection inspection, Optional<Assembly> assembly) {
    this.inspection = inspection;
    this.state = new StateJson(inspection, assembly);
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    this.token = HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII);
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), 0);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the view can't have port " + port + ": " + e.getMessage(), e);
    }
    this.threads =
        new ThreadPoolExecutor(
            0,
            MOST_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("usermem-view-", 0).factory());
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Returns where a browser finds the view. */
  public String address() {
    return "http://" + host() + "/" + new String(token, StandardCharsets.US_ASCII) + "/";
  }

  private String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      HEADERS.forEach(exchange.getResponseHeaders()::set);
      String path = exchange.getRequestURI().getPath();
      int slash = path.indexOf('/', 1);
      if (!isOurs(exchange.getRequestHeaders().getFirst("Host"))) {
        refuse(exchange, 421);
      } else if (slash < 0 || !isToken(path.substring(1, slash))) {
        refuse(exchange, 404);
      } else if (!exchange.getRequestMethod().equals("GET")) {
        refuse(exchange, 405);
      } else {
        answer(exchange, path.substring(slash + 1));
      }
    }
  }

  private void answer(HttpExchange exchange, String name) throws IOException {
    try {
      serve(exchange, name);
    } catch (LinuxException | IllegalArgumentException e) {
      refuse(exchange, 400);
    }
  }

  /** As many of the browser's names for this machine as there are. */
  private boolean isOurs(@Nullable String host) {
    return host != null
        && (host.equals(host()) || host.equals("localhost:" + server.getAddress().getPort()));
  }

  /** In a time that does not tell how much of it is right. */
  private boolean isToken(String word) {
    return MessageDigest.isEqual(token, word.getBytes(StandardCharsets.UTF_8));
  }

  private void serve(HttpExchange exchange, String name) throws IOException {
    String file = name.isEmpty() ? "view.html" : name;
    if (FILES.containsKey(file)) {
      try (InputStream in = ViewServer.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new IllegalStateException(file + " is not in the module of the sentry");
        }
        send(exchange, FILES.get(file), in.readAllBytes());
      }
      return;
    }
    switch (file) {
      case "state.json" -> sendJson(exchange, state.now());
      case "pages.json" -> sendJson(exchange, pages(parameters(exchange)));
      case "events" -> stream(exchange);
      default -> refuse(exchange, 404);
    }
  }

  private void stream(HttpExchange exchange) throws IOException {
    if (!streams.tryAcquire()) {
      refuse(exchange, 503);
      return;
    }
    try {
      int batches = Integer.parseInt(parameters(exchange).getOrDefault("batches", ENDLESS));
      new EventStream(state, inspection, closing).serve(exchange, batches);
    } finally {
      streams.release();
    }
  }

  private String pages(Map<String, String> parameters) {
    int pid = Integer.parseInt(parameters.getOrDefault("process", ""));
    long start = Long.parseUnsignedLong(parameters.getOrDefault("start", ""), 16);
    int pages = Integer.parseInt(parameters.getOrDefault("pages", ""));
    if (pages < 1 || pages > MOST_PAGES) {
      throw new IllegalArgumentException(pages + " pages");
    }
    byte[] residency =
        inspection
            .residency(pid, start, pages)
            .orElseThrow(() -> new IllegalArgumentException("not all of it is mapped"));
    StringBuilder bits = new StringBuilder(pages);
    for (byte each : residency) {
      bits.append((each & 1) == 0 ? '0' : '1');
    }
    return Json.of(bits.toString());
  }

  private static Map<String, String> parameters(HttpExchange exchange) {
    Map<String, String> parameters = new HashMap<>();
    String query = exchange.getRequestURI().getQuery();
    for (String each : query == null ? new String[0] : query.split("&", -1)) {
      int equals = each.indexOf('=');
      if (equals > 0) {
        parameters.put(each.substring(0, equals), each.substring(equals + 1));
      }
    }
    return parameters;
  }

  private static void sendJson(HttpExchange exchange, String json) throws IOException {
    send(exchange, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, String type, byte[] bytes) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void refuse(HttpExchange exchange, int code) throws IOException {
    exchange.sendResponseHeaders(code, -1);
  }

  /** Ends every connection. */
  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
