/**
 * Reading YAML that people write: every value knows its place, every error is one line that names
 * file, line, column, key, value and reason. Used once at start; immutable. Read {@link
 * dev.tallystick.formats.yaml.YamlNode}.
 */
@NullMarked
package dev.tallystick.formats.yaml;

import org.jspecify.annotations.NullMarked;
