package dev.tallystick.core.rules;

import java.util.Map;
import java.util.Set;

/**
 * Which statuses mean the same and which are final (contracts, section 3).
 *
 * @param synonyms status as reported → status it stands for
 * @param pending statuses that are not final, whatever they stand for
 */
public record StatusVocabulary(Map<String, String> synonyms, Set<String> pending) {

  private static final Set<String> FINAL = Set.of("SUCCESS", "FAILED", "REVERSED");

  public static final StatusVocabulary PLAIN = new StatusVocabulary(Map.of(), Set.of());

  /** The status that {@code status} stands for. */
  public String canonical(String status) {
    return synonyms.getOrDefault(status, status);
  }

  /** Whether no later status is awaited. */
  public boolean isFinal(String status) {
    return FINAL.contains(canonical(status)) && !pending.contains(status);
  }
}
