package dev.tallystick.verticles.api;

import dev.tallystick.verticles.http.Problem;
import dev.tallystick.verticles.http.Refusal;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one route, read as the contract describes them.
 *
 * <p>Why this is not the OpenAPI router's validator: version 5.0.10 decodes a query or path value a
 * second time (so {@code %2B01:00} becomes a space and {@code 100%25} an error), passes unknown and
 * repeated parameters over in silence, names the wrong parameter only inside an English sentence,
 * and leaves the event loop for every request. A version that does none of these would end this
 * class. The library still loads the document and judges every answer, in {@code ApiIT}.
 */
final class QueryRules {

  private final Map<String, ParameterRule> rules = new LinkedHashMap<>();

  QueryRules(List<ParameterRule> rules) {
    rules.forEach(rule -> this.rules.put(rule.name(), rule));
  }

  /**
   * All that is wrong is told at once.
   *
   * @throws Refusal with a problem that names each wrong parameter
   */
  Query read(RoutingContext request) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    Problem problem = Problem.of(400, "BAD_PARAMETER", "A parameter cannot be accepted.");
    boolean good = true;
    for (ParameterRule rule : rules.values()) {
      String inPath = rule.inPath() ? request.pathParam(rule.name()) : null;
      if (inPath != null) {
        good &= take(rule, List.of(inPath), "{" + rule.name() + "}", values, problem);
      }
    }
    MultiMap query = request.queryParams();
    for (String name : query.names()) {
      ParameterRule rule = rules.get(name);
      if (rule == null || rule.inPath()) {
        problem.error("?" + name, query.get(name), "there is no such parameter here" + known());
        good = false;
      } else {
        good &= take(rule, query.getAll(name), "?" + name, values, problem);
      }
    }
    if (!good) {
      throw new Refusal(problem);
    }
    return new Query(values);
  }

  private static boolean take(
      ParameterRule rule,
      List<String> given,
      String pointer,
      Map<String, List<String>> values,
      Problem problem) {
    if (!rule.many() && given.size() > 1) {
      problem.error(pointer, String.join(",", given), "is given more than once");
      return false;
    }
    List<String> taken = new ArrayList<>();
    for (String text : given) {
      taken.addAll(rule.many() ? List.of(text.split(",", -1)) : List.of(text));
    }
    boolean good = true;
    for (String text : taken) {
      @Nullable String wrong = rule.form().wrong(text);
      if (wrong != null) {
        problem.error(pointer, text, wrong);
        good = false;
      }
    }
    values.put(rule.name(), taken);
    return good;
  }

  private String known() {
    List<String> names =
        rules.values().stream()
            .filter(rule -> !rule.inPath())
            .map(ParameterRule::name)
            .sorted()
            .toList();
    return names.isEmpty() ? "" : "; there are " + String.join(", ", names);
  }
}
