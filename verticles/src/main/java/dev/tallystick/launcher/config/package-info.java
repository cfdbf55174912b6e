/**
 * The configuration: three layers (defaults, file, environment) become one checked record before
 * anything starts. It owns the list of keys and their ranges; what is wrong is one line that names
 * the place, the key, the value and the reason. Used once, on the main thread. Start with {@link
 * dev.tallystick.launcher.config.Configuration}, then {@link
 * dev.tallystick.launcher.config.ConfigurationReader}.
 */
@NullMarked
package dev.tallystick.launcher.config;

import org.jspecify.annotations.NullMarked;
