package dev.tallystick.core.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one version of a definition.
 *
 * @param comparisons rules that compare two views, in the order worst type first, then by line
 * @param statuses synonyms and final statuses
 * @param missing name of the MISSING rule; null when it is switched off
 * @param duplicate name of the DUPLICATE rule; null when it is switched off
 * @param unexpected name of the UNEXPECTED rule; null when it is switched off
 */
public record RuleSet(
    List<Rule> comparisons,
    StatusVocabulary statuses,
    @Nullable String missing,
    @Nullable String duplicate,
    @Nullable String unexpected) {}
