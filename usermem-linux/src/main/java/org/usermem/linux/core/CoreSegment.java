package org.usermem.linux.core;

import org.usermem.mm.view.VmaView;

/**
 * An area of memory in a dump.
 *
 * @param area the area
 * @param byteCount how many of its bytes are in the file, from the first on
 */
record CoreSegment(VmaView area, long byteCount) {}
