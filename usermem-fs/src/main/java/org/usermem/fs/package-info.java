/**
 * The file-system SPI: what the author of a file system reads first.
 *
 * <p>A file system is a {@link org.usermem.fs.FileSystem} with a tree of {@link
 * org.usermem.fs.Inode}s. Write one in this order:
 *
 * <ol>
 *   <li>a {@link org.usermem.fs.Directory} with {@code lookup} and {@code list};
 *   <li>a {@link org.usermem.fs.RegularFile} with {@code byteSize} and {@code readAt}: the
 *       program's memory comes in as a {@link org.usermem.sequence.Sink};
 *   <li>a {@link org.usermem.fs.FileSystem} that returns the root, and a {@link
 *       org.usermem.fs.FileSystemType} by which mount(2) finds it;
 *   <li>where it can be written, {@code writeAt}, {@code setAttributes} and the methods of {@link
 *       org.usermem.fs.Directory} that change something;
 *   <li>a test class that extends the conformance kit.
 * </ol>
 *
 * <p>Devices and other things that are not files by position extend {@link
 * org.usermem.fs.FileDescription} and are opened by an inode or a driver.
 *
 * <p>Who is asking is always an argument ({@link org.usermem.fs.access.Credentials}), never a
 * global. Errors are {@link org.usermem.errno.LinuxException}s. Nothing here waits for a guest:
 * EAGAIN and a {@link org.usermem.fs.event.WaitQueue} say what is to be waited for. Names are
 * strings of bytes, see {@link org.usermem.fs.FileNames}.
 *
 * <p><b>Order of locks</b>, outermost first: position of a description; rename lock of a file
 * system, directories (ancestors first) of the VFS; a file's appending lock; locks of the file
 * system; locks of a program's memory; locks that a file system takes in {@code Mappable.translate}
 * and in block readers and writers; the memory file; wait queues.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.fs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
