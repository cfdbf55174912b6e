/**
 * Where the servers of a run are: started here, those of a living process of the same data
 * directory, or external ones. It owns {@code endpoints.json}. Used on the main thread. Start with
 * {@link dev.tallystick.launcher.endpoints.Servers}.
 */
@NullMarked
package dev.tallystick.launcher.endpoints;

import org.jspecify.annotations.NullMarked;
