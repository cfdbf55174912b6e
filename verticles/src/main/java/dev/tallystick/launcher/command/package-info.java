/**
 * One class per command of the command line (contracts, section 1): options, order of the steps and
 * the lines that are printed. Everything runs on the main thread. Read {@link
 * dev.tallystick.launcher.Session} first; the demo's own parts are in {@code launcher.demo}.
 */
@NullMarked
package dev.tallystick.launcher.command;

import org.jspecify.annotations.NullMarked;
