package dev.tallystick.storage.postgres;

/**
 * A registered version of a definition; never changed.
 *
 * @param validFromMs log time, or {@link dev.tallystick.core.model.Event#NONE}: from the beginning
 * @param hash SHA-256 of {@code text}, hexadecimal
 */
public record StoredVersion(int version, long validFromMs, String hash, String text) {}
