package dev.tallystick.verticles.http;

/**
 * Ends the handling of a request with a problem: {@code request.fail(new Refusal(problem))}, or
 * thrown out of a handler. An expected answer, so it has no stack trace and is not logged.
 */
public final class Refusal extends RuntimeException {

  private final transient Problem problem;

  public Refusal(Problem problem) {
    super(problem.code(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
