package org.usermem.platform.terminal;

/**
 * The size of a terminal's window: {@code struct winsize} of ioctl_tty(2).
 *
 * @param rows in characters, from 0 (unknown) to 65535
 * @param columns in characters, from 0 (unknown) to 65535
 * @param pixelWidth in pixels, or 0
 * @param pixelHeight in pixels, or 0
 */
public record WindowSize(int rows, int columns, int pixelWidth, int pixelHeight) {}
