package dev.tallystick.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The only way to stdout and stderr. People get text, programs ({@code --json}) get JSON lines, the
 * last of which is a result; nobody gets both. Every line is flushed.
 */
public final class Console {

  private static final JsonMapper JSON = new JsonMapper();

  private final PrintStream out;
  private final PrintStream err;
  private boolean json;
  private boolean resulted;

  public Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * The process's own streams. From here on {@code System.out} and {@code System.err} lead nowhere
   * until there is a log ({@link LogFile#open}): what libraries print is not ours to show.
   */
  static Console ofProcess() {
    Console console = new Console(stream(FileDescriptor.out), stream(FileDescriptor.err));
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    System.setOut(nowhere);
    System.setErr(nowhere);
    return console;
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  void useJson() {
    json = true;
  }

  public boolean isJson() {
    return json;
  }

  /** A line for people. */
  public void say(String line) {
    if (!json) {
      out.println(line);
    }
  }

  /** A new object whose first key is {@code event}. */
  public static ObjectNode event(String name) {
    return JsonNodeFactory.instance.objectNode().put("event", name);
  }

  /** A new result: {@code event, command, ok}. */
  public static ObjectNode result(String command, boolean ok) {
    return event("result").put("command", command).put("ok", ok);
  }

  /** A line for programs. */
  public void emit(ObjectNode line) {
    if (json) {
      out.println(line);
      resulted |= line.path("event").asText().equals("result");
    }
  }

  /** A line for programs that is JSON already. */
  public void emit(String line) {
    if (json) {
      out.println(line);
      resulted |= line.startsWith("{\"event\":\"result\"");
    }
  }

  /** Any value as a JSON tree. */
  public static JsonNode tree(@Nullable Object value) {
    return JSON.valueToTree(value);
  }

  /** One line on stderr that says what is wrong. */
  public void complain(String line) {
    err.println("tallystick: " + line.strip().replaceAll("\\s*\\R\\s*", "; "));
  }

  /** Usage, on stderr. */
  void hint(String text) {
    err.println(text.stripTrailing());
  }

  /** Programs get a result whatever happens; the reason stands in it too. */
  void failed(String command, int exit, String line) {
    complain(line);
    if (json && !resulted) {
      emit(result(command, false).put("exit", exit).put("error", line));
    }
  }

  /** A signal came before there was an answer; programs get their last line all the same. */
  void stopped(String command) {
    if (!resulted) {
      emit(result(command, false).put("error", "stopped by a signal"));
    }
  }

  PrintStream out() {
    return out;
  }
}
