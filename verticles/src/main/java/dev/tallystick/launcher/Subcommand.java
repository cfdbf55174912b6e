package dev.tallystick.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command: the options all of them take, and what it does within a session. */
public abstract class Subcommand implements Callable<Integer> {

  /** Done, and true. */
  public static final int OK = 0;

  /** It ran, but the answer is no. */
  public static final int NO = 1;

  @Mixin private Options options = new Options();

  private final Session session;

  protected Subcommand(Session session) {
    this.session = session;
  }

  protected abstract int run(Session in) throws Exception;

  /** As the user writes it. */
  protected abstract String name();

  @Override
  public final Integer call() throws Exception {
    session.begin(name(), options);
    return run(session);
  }
}
