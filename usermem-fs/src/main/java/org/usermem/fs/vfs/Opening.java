package org.usermem.fs.vfs;

import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.Directory;
import org.usermem.fs.FileDescription;
import org.usermem.fs.FileEvents;
import org.usermem.fs.Inode;
import org.usermem.fs.Location;
import org.usermem.fs.Mount;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.OpenRequest;
import org.usermem.fs.PathDescription;
import org.usermem.fs.RegularFile;
import org.usermem.fs.SpecialFile;
import org.usermem.fs.SymbolicLink;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.access.Access;
import org.usermem.fs.attribute.FileType;
import org.usermem.fs.watch.WatchEvents;

/** Opens files: open(2), openat(2), openat2(2). */
final class Opening {

  private final DentryCache cache;
  private final SpecialFiles specialFiles;

  Opening(DentryCache cache, SpecialFiles specialFiles) {
    this.cache = cache;
    this.specialFiles = specialFiles;
  }

  FileDescription open(
      PathContext context, Location start, String path, int flags, int permissions, int lookup) {
    if ((flags & OpenFlags.PATH) != 0) {
      return openPath(context, start, path, flags, lookup);
    }
    if ((flags & OpenFlags.TEMPORARY) == OpenFlags.TEMPORARY) {
      return openTemporary(context, start, path, flags, permissions, lookup);
    }
    if ((flags & OpenFlags.CREATE) != 0) {
      return openOrCreate(context, start, path, flags, permissions, lookup);
    }
    Location found = PlainWalk.toEnd(cache, context, start, path, lookup | followUnless(flags));
    return openFound(context, found, flags);
  }

  private static int followUnless(int flags) {
    return (flags & OpenFlags.NO_FOLLOW) == 0 ? LookupFlags.FOLLOW : 0;
  }

  private FileDescription openPath(
      PathContext context, Location start, String path, int flags, int lookup) {
    int kept = flags & (OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.NO_FOLLOW);
    Location found = PlainWalk.toEnd(cache, context, start, path, lookup | followUnless(kept));
    if ((kept & OpenFlags.DIRECTORY) != 0 && !(found.inode() instanceof Directory)) {
      throw LinuxException.of(Errno.ENOTDIR);
    }
    return new PathDescription(new OpenRequest(found, kept, context.credentials()));
  }

  private FileDescription openTemporary(
      PathContext context, Location start, String path, int flags, int permissions, int lookup) {
    if (!OpenFlags.writes(flags)) {
      throw LinuxException.of(Errno.EINVAL);
    }
    Location where =
        new PathWalk(cache, context, start, lookup | LookupFlags.FOLLOW | LookupFlags.DIRECTORY)
            .toEnd(path);
    Permissions.requireWritableMount(where);
    CachedDentry dentry = (CachedDentry) where.dentry();
    Permissions.requireCreatable(dentry, context.credentials());
    Directory directory = (Directory) where.inode();
    RegularFile made =
        directory.createTemporary(Permissions.newFile(directory, permissions, false, context));
    // As on Linux, its name is "#" and the inode number, in the directory but removed.
    CachedDentry unnamed = new CachedDentry(dentry.superBlock(), dentry, "#" + made.number(), made);
    unnamed.markRemoved();
    Location location = unnamed.in((MountPoint) where.mount());
    return openInode(
        made, new OpenRequest(location, flags & ~OpenFlags.DIRECTORY, context.credentials()));
  }

  private FileDescription openOrCreate(
      PathContext context, Location start, String path, int flags, int permissions, int lookup) {
    PathWalk walk = new PathWalk(cache, context, start, lookup);
    Location where = walk.toParent(path);
    while (true) {
      String name = walk.last();
      if (walk.slashAfterLast() || name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw LinuxException.of(
            (flags & OpenFlags.EXCLUSIVE) != 0 && !walk.slashAfterLast()
                ? Errno.EEXIST
                : Errno.EISDIR);
      }
      CachedDentry directory = (CachedDentry) where.dentry();
      directory.inode().checkAccess(context.credentials(), Access.EXECUTE);
      CachedDentry existing = cache.lookup(directory, name);
      if (existing == null) {
        Permissions.requireWritableMount(where);
        Created created = create(context, where, name, permissions);
        if (created.isNew()) {
          return openCreated(context, created.dentry().in((MountPoint) where.mount()), flags);
        }
        existing = created.dentry();
      }
      if ((flags & OpenFlags.EXCLUSIVE) != 0) {
        throw LinuxException.of(Errno.EEXIST);
      }
      if (existing.inode() instanceof SymbolicLink link) {
        if ((flags & OpenFlags.NO_FOLLOW) != 0) {
          throw LinuxException.of(Errno.ELOOP);
        }
        where = walk.followLast(link);
        if (walk.last().isEmpty()) {
          return openFound(context, where, flags);
        }
        continue;
      }
      return openFound(context, MountTable.top(existing.in((MountPoint) where.mount())), flags);
    }
  }

  private record Created(CachedDentry dentry, boolean isNew) {}

  private Created create(PathContext context, Location where, String name, int permissions) {
    CachedDentry parent = (CachedDentry) where.dentry();
    parent.lock().lock();
    try {
      CachedDentry raced = cache.lookupLocked(parent, name);
      if (raced != null) {
        return new Created(raced, false);
      }
      Permissions.requireCreatable(parent, context.credentials());
      Directory directory = (Directory) parent.inode();
      Inode made =
          directory.createFile(name, Permissions.newFile(directory, permissions, false, context));
      CachedDentry dentry = cache.insert(parent, name, made);
      FileEvents.entry(directory, WatchEvents.CREATE, 0, name, made);
      return new Created(dentry, true);
    } finally {
      parent.lock().unlock();
    }
  }

  private static FileDescription openCreated(PathContext context, Location made, int flags) {
    // No permission check: whoever creates a file may use it as asked, whatever its mode.
    FileDescription description =
        openInode(
            made.inode(),
            new OpenRequest(made, flags & ~OpenFlags.TRUNCATE, context.credentials()));
    FileEvents.happened(made, WatchEvents.OPEN);
    return description;
  }

  /** Opens what a path led to. */
  FileDescription openFound(PathContext context, Location found, int flags) {
    Inode inode = found.inode();
    requireKind(inode, flags);
    boolean neither = (flags & OpenFlags.ACCESS_MODE) == OpenFlags.ACCESS_MODE;
    int wanted =
        (OpenFlags.reads(flags) || neither ? Access.READ : 0)
            | (OpenFlags.writes(flags) || neither || (flags & OpenFlags.TRUNCATE) != 0
                ? Access.WRITE
                : 0);
    if ((wanted & Access.WRITE) != 0 && !(inode instanceof SpecialFile)) {
      Permissions.requireWritableMount(found);
    }
    inode.checkAccess(context.credentials(), wanted);
    if ((flags & OpenFlags.NO_ACCESS_TIME) != 0 && !context.credentials().actsAs(inode.userId())) {
      throw LinuxException.of(Errno.EPERM);
    }
    OpenRequest request = new OpenRequest(found, flags, context.credentials());
    FileDescription description =
        inode instanceof SpecialFile special
            ? openSpecial(special, request)
            : openInode(inode, request);
    FileEvents.happened(found, WatchEvents.OPEN);
    if ((flags & OpenFlags.TRUNCATE) != 0 && inode instanceof RegularFile file) {
      truncate(description, file);
    }
    return description;
  }

  private static FileDescription openInode(Inode inode, OpenRequest request) {
    FileDescription description = inode.open(request);
    if (OpenFlags.writes(request.flags())) {
      try {
        description.claimWriting();
      } catch (LinuxException e) {
        description.decRef();
        throw e;
      }
    }
    return description;
  }

  private static void truncate(FileDescription description, RegularFile file) {
    try {
      if (description.isWritable()) {
        description.truncate(0, TransferOptions.DEFAULT);
      } else {
        file.requireNotExecuted();
        file.setAttributes(AttributeChanges.truncation(file, 0));
      }
    } catch (LinuxException e) {
      description.decRef();
      throw e;
    }
  }

  private static void requireKind(Inode inode, int flags) {
    boolean isDirectory = inode instanceof Directory;
    if ((flags & OpenFlags.DIRECTORY) != 0 && !isDirectory) {
      throw LinuxException.of(Errno.ENOTDIR);
    }
    if (inode instanceof SymbolicLink) {
      throw LinuxException.of(Errno.ELOOP);
    }
    if (isDirectory
        && ((flags & OpenFlags.ACCESS_MODE) != OpenFlags.READ_ONLY
            || (flags & (OpenFlags.CREATE | OpenFlags.TRUNCATE)) != 0)) {
      throw LinuxException.of(Errno.EISDIR);
    }
    if (isDirectory && (flags & OpenFlags.DIRECT) != 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
  }

  private FileDescription openSpecial(SpecialFile special, OpenRequest request) {
    FileType type = special.type();
    boolean isDevice = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
    if (isDevice && request.location().mount().has(Mount.NO_DEVICES)) {
      throw LinuxException.of(Errno.EACCES);
    }
    if (type == FileType.FIFO
        && (request.flags() & OpenFlags.ACCESS_MODE) == OpenFlags.ACCESS_MODE) {
      throw LinuxException.of(Errno.EINVAL);
    }
    return specialFiles.open(special, request);
  }
}
