package dev.tallystick.launcher;

/** The command line asks for something that is not possible; exit 2. The message is one line. */
public final class WrongUsage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WrongUsage(String line) {
    super(line);
  }
}
