package dev.tallystick.launcher.node;

/** Why a node cannot start, in one line, with the exit code of contracts, section 1. */
public final class StartFailure extends RuntimeException {

  /** A server is not there. */
  public static final int UNAVAILABLE = 69;

  /** An own bug. */
  public static final int SOFTWARE = 70;

  /** The configuration is wrong; a taken port is one. */
  public static final int CONFIGURATION = 78;

  private final int exitCode;

  public StartFailure(int exitCode, String line) {
    super(line);
    this.exitCode = exitCode;
  }

  public StartFailure(int exitCode, String line, Throwable cause) {
    super(line, cause);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
