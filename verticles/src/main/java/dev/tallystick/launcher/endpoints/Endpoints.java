package dev.tallystick.launcher.endpoints;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tallystick.storage.postgres.PgAddress;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code DIR/endpoints.json} (contracts, section 2); absent parts are null.
 *
 * @param pid of the process that owns the servers
 * @param http base address of a node
 * @param eventbus address for a SockJS event-bus client
 * @param kafka {@code host:port}
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Endpoints(
    long pid,
    @Nullable String http,
    @Nullable String eventbus,
    @Nullable String kafka,
    @Nullable Postgres postgres,
    @Nullable String redis,
    @Nullable String registry,
    @Nullable String issuer) {

  /** Where the database is, with the password: the file is for its owner only. */
  public record Postgres(String host, int port, String database, String user, String password) {

    static Postgres of(PgAddress address) {
      return new Postgres(
          address.host(), address.port(), address.database(), address.user(), address.password());
    }

    PgAddress address() {
      return new PgAddress(host, port, database, user, password);
    }

    @Override
    public String toString() {
      return address().toString();
    }
  }

  /** Where a node's bridge is. */
  static @Nullable String eventbus(@Nullable String http) {
    return http == null ? null : http + "/eventbus";
  }

  Endpoints withHttp(@Nullable String address) {
    return new Endpoints(pid, address, eventbus(address), kafka, postgres, redis, registry, issuer);
  }
}
