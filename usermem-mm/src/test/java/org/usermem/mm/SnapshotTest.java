package org.usermem.mm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.usermem.mm.Memory.PAGE;
import static org.usermem.mm.Memory.anonymousAt;
import static org.usermem.mm.Memory.assertErrno;
import static org.usermem.mm.Memory.pattern;
import static org.usermem.mm.Memory.read;
import static org.usermem.mm.Memory.write;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.usermem.addr.AccessType;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.memmap.Mappable;
import org.usermem.memmap.MappingIdentity;
import org.usermem.mm.machine.FakeFile;

class SnapshotTest {

  private static final long BASE = 0xa00000000L;

  private final Memory memory = new Memory();
  private final FakeFile file = new FakeFile(memory.file, 8 * PAGE);
  private final MappingCodec codec =
      new MappingCodec() {
        @Override
        public void write(Mappable mappable, @Nullable MappingIdentity identity, DataOutput out)
            throws IOException {
          assertEquals(file, mappable);
          out.writeUTF("the file");
        }

        @Override
        public Mapped read(DataInput in) throws IOException {
          assertEquals("the file", in.readUTF());
          file.incRef();
          return new Mapped(file, file);
        }
      };

  @AfterEach
  void close() {
    file.close();
    memory.close();
  }

  private MemoryManager prepared() {
    MemoryManager mm = memory.manager();
    file.write(0, pattern((int) (8 * PAGE), 9));
    mm.mmap(anonymousAt(BASE, 600 * PAGE).build());
    write(mm, BASE + 5 * PAGE + 7, pattern(3000, 1));
    write(mm, BASE + 599 * PAGE, pattern(100, 2));
    mm.mprotect(BASE + 10 * PAGE, PAGE, AccessType.READ, false);
    mm.setName(BASE + 20 * PAGE, PAGE, "named");
    mm.mmap(anonymousAt(BASE + 700 * PAGE, 4 * PAGE).shared().build());
    write(mm, BASE + 701 * PAGE, pattern(100, 3));
    mm.mmap(anonymousAt(BASE + 800 * PAGE, 4 * PAGE).mappable(file, file, PAGE).build());
    write(mm, BASE + 801 * PAGE, pattern(100, 4));
    mm.setBrkStart(BASE + 900 * PAGE);
    mm.brk(BASE + 901 * PAGE);
    return mm;
  }

  private byte[] saved(MemoryManager... managers) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SnapshotWriter writer = new SnapshotWriter(bytes, codec);
    for (MemoryManager manager : managers) {
      writer.write(manager);
    }
    return bytes.toByteArray();
  }

  @Test
  void twoSpacesComeBackWholeAndShareWhatTheyShared() throws IOException {
    MemoryManager parent = prepared();
    MemoryManager child = memory.fork(parent);
    write(child, BASE + 5 * PAGE, pattern(50, 5));
    byte[] bytes = saved(parent, child);
    var parentAreas = parent.areas(false);
    memory.end(child);
    memory.end(parent);
    try (SnapshotReader reader =
        new SnapshotReader(new ByteArrayInputStream(bytes), codec, memory.file, memory.platform)) {
      MemoryManager first = memory.adopt(reader.read());
      MemoryManager second = memory.adopt(reader.read());
      assertEquals(parentAreas, first.areas(false));
      assertArrayEquals(pattern(3000, 1), read(first, BASE + 5 * PAGE + 7, 3000));
      assertArrayEquals(pattern(50, 5), read(second, BASE + 5 * PAGE, 50));
      assertArrayEquals(pattern(100, 2), read(second, BASE + 599 * PAGE, 100));
      assertArrayEquals(pattern(100, 4), read(first, BASE + 801 * PAGE, 100));
      assertArrayEquals(file.read(PAGE, 100), read(first, BASE + 800 * PAGE, 100));
      assertErrno(Errno.EFAULT, () -> write(first, BASE + 10 * PAGE, new byte[1]));
      assertEquals(BASE + 901 * PAGE, first.brk(0));
      write(first, BASE + 701 * PAGE + 50, pattern(10, 6));
      assertArrayEquals(pattern(10, 6), read(second, BASE + 701 * PAGE + 50, 10));
      assertArrayEquals(pattern(50, 3), read(second, BASE + 701 * PAGE, 50));
      memory.end(first);
      memory.end(second);
    }
    assertEquals(0, file.references());
  }

  @Test
  void damageIsAnErrorAndLeavesNothingBehind() throws IOException {
    MemoryManager mm = prepared();
    byte[] bytes = saved(mm);
    memory.end(mm);
    for (int cut = 0; cut < bytes.length; cut += 97) {
      byte[] part = Arrays.copyOf(bytes, cut);
      assertThrows(IOException.class, () -> readOnly(part));
    }
    for (int at = 0; at < 600; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= (byte) 0x55;
      try {
        memory.end(memory.adopt(readOnly(damaged)));
      } catch (IOException | LinuxException | AssertionError e) {
        // Found, or harmless.
      }
    }
    assertEquals(0, file.references());
  }

  private MemoryManager readOnly(byte[] bytes) throws IOException {
    try (SnapshotReader reader =
        new SnapshotReader(new ByteArrayInputStream(bytes), codec, memory.file, memory.platform)) {
      return reader.read();
    }
  }
}
