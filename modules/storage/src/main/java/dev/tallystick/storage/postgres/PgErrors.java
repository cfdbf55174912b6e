package dev.tallystick.storage.postgres;

import io.vertx.pgclient.PgException;

/** What a failure says about what was asked (protocol, section 6). */
final class PgErrors {

  private PgErrors() {}

  /**
   * Whether the values themselves were refused, so that the same again fails again: data exceptions
   * (22), constraints (23), limits of the program (54), or a value that cannot even be sent.
   *
   * <p>Everything else counts as the server's trouble. Not the other way round: a missing privilege
   * or table (42) taken for bad data would turn every good record into a dead letter.
   */
  static boolean isData(Throwable failure) {
    if (failure instanceof PgException refused) {
      String state = state(refused);
      return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
    }
    return failure instanceof IllegalArgumentException;
  }

  /**
   * Whether a COMMIT that failed like this may have happened: no answer, or one that only says that
   * the connection ends.
   */
  static boolean leavesCommitOpen(Throwable failure) {
    if (failure instanceof PgException refused) {
      String state = state(refused);
      return state.startsWith("08") || state.startsWith("57P");
    }
    return true;
  }

  /** The statements behind a failed one in a pipeline only say that the transaction is aborted. */
  static boolean isEcho(Throwable failure) {
    return failure instanceof PgException refused && state(refused).equals("25P02");
  }

  /** One line: the server's state and words, or the client's. */
  static String reason(Throwable failure) {
    if (failure instanceof PgException refused) {
      String detail = refused.getDetail();
      String text = state(refused) + " " + refused.getErrorMessage();
      return oneLine(detail == null ? text : text + " (" + detail + ")");
    }
    String message = failure.getMessage();
    String name = failure.getClass().getSimpleName();
    return oneLine(message == null ? name : name + ": " + message);
  }

  private static String state(PgException refused) {
    String state = refused.getSqlState();
    return state == null ? "" : state;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", "; ");
  }
}
