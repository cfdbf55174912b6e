package dev.tallystick.launcher.config;

import dev.tallystick.storage.postgres.PgAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code postgresql://host:port/database}; 5432 where there is no port. */
final class PostgresUrl {

  private static final Pattern URL =
      Pattern.compile(
          "postgres(?:ql)?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:]+])(?::([0-9]{1,5}))?/([A-Za-z0-9_-]+)");

  private static final Pattern WITH_USER = Pattern.compile("[a-z]+://[^/]*@.*");
  private static final int PORT_DEFAULT = 5_432;
  private static final int PORT_MAX = 65_535;

  private PostgresUrl() {}

  static PgAddress read(Setting url, String user, String password) {
    String text = url.text();
    if (WITH_USER.matcher(text).matches()) {
      // Not shown: it may hold a password.
      throw url.problem(
          "user and password have keys of their own (storage.user, storage.password)");
    }
    Matcher parts = URL.matcher(text);
    if (!parts.matches()) {
      throw url.error("is not postgresql://host:port/database");
    }
    int port = parts.group(2) == null ? PORT_DEFAULT : Integer.parseInt(parts.group(2));
    if (port < 1 || port > PORT_MAX) {
      throw url.error("has no port within 1 to 65535");
    }
    return new PgAddress(parts.group(1), port, parts.group(3), user, password);
  }
}
