package dev.tallystick.verticles.ingest;

import dev.tallystick.core.rules.Rulebook;
import java.util.List;
import java.util.Map;

/**
 * What the way in over HTTP needs to know.
 *
 * @param node name of this node, part of the transactional ids: no two living nodes may share it
 * @param kafka client properties; {@code bootstrap.servers} among them
 * @param rulebooks of all reconciliations
 * @param recordMaxBytes larger records would be dead letters
 * @param open events are taken without a token
 */
public record IngestSettings(
    String node,
    Map<String, Object> kafka,
    List<Rulebook> rulebooks,
    int recordMaxBytes,
    boolean open) {}
