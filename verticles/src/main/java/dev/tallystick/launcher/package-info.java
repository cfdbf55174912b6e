/**
 * The program: command line, output, logging, and the ordered stop. It owns the process: its exit
 * code, what reaches stdout and stderr, and the shutdown hook. Commands run on the main thread; the
 * hook's thread only asks it to stop and waits. Start with {@link
 * dev.tallystick.launcher.Tallystick}, then {@link dev.tallystick.launcher.Session}, then the
 * package {@code command}.
 */
@NullMarked
package dev.tallystick.launcher;

import org.jspecify.annotations.NullMarked;
