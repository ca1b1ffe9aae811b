package org.usermem.fs.vfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.usermem.fs.fixture.Sandbox.assertErrno;
import static org.usermem.fs.fixture.Sandbox.source;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.errno.Errno;
import org.usermem.fs.ExtendedAttributeMode;
import org.usermem.fs.FileDescription;
import org.usermem.fs.Location;
import org.usermem.fs.OpenFlags;
import org.usermem.fs.TransferOptions;
import org.usermem.fs.fixture.Sandbox;
import org.usermem.fs.tmpfs.TmpfsFileSystem;
import org.usermem.fs.tmpfs.TmpfsOptions;

/** What reading leaves of times, and writing of rights. */
class WhatUseLeavesTest {
  private static final String CAPABILITY = "security.capability";
  private static final byte[] VALUE = {1, 0, 0, 2, 0, 32, 0, 0};

  private final Sandbox box =
      new Sandbox(context -> new TmpfsFileSystem(context, TmpfsOptions.DEFAULT));

  @AfterEach
  void close() {
    box.close();
  }

  private long linkTime() {
    return box.vfs.attributes(box.context, box.root(), "/link", 0).accessTime();
  }

  @Test
  void aLinkThatIsFollowedWasAccessed() {
    box.write("/file", "text");
    box.symlink("/file", "/link");
    long made = linkTime();
    box.read("/link");
    long followed = linkTime();
    assertTrue(followed > made, "not accessed");
    assertEquals(followed, linkTime(), "asking is no access");
    box.read("/link");
    assertEquals(followed, linkTime(), "relatime: not again");
  }

  @Test
  void aLinkThatIsReadWasAccessed() {
    box.symlink("/file", "/link");
    long made = linkTime();
    assertEquals("/file", box.vfs.readLink(box.context, box.root(), "/link", 0));
    assertTrue(linkTime() > made, "not accessed");
  }

  private void give(Location file) {
    box.vfs.setExtendedAttribute(box.context, file, CAPABILITY, VALUE, ExtendedAttributeMode.SET);
    assertArrayEquals(VALUE, box.vfs.extendedAttribute(box.context, file, CAPABILITY));
  }

  private void assertGone(Location file) {
    assertErrno(Errno.ENODATA, () -> box.vfs.extendedAttribute(box.context, file, CAPABILITY));
  }

  @Test
  void aFileThatIsWrittenToGivesNoCapabilitiesAnyMore() {
    FileDescription open = box.open("/file", OpenFlags.CREATE | OpenFlags.READ_WRITE);
    Location file = open.location();
    give(file);
    open.write(source("a"));
    assertGone(file);
    give(file);
    open.write(source("b"));
    assertGone(file);
    give(file);
    open.truncate(1, TransferOptions.DEFAULT);
    assertGone(file);
    open.decRef();
  }
}
