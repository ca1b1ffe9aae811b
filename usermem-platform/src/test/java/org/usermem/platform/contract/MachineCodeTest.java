package org.usermem.platform.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class MachineCodeTest {

  @Test
  void jumpsBackToTheStart() {
    byte[] bytes = new MachineCode().raw(0x90).loop().toBytes();
    assertArrayEquals(new byte[] {(byte) 0x90, (byte) 0xe9, -6, -1, -1, -1}, bytes);
  }

  @Test
  void constantsAreLittleEndian() {
    byte[] bytes = new MachineCode().set(MachineCode.R9, 0x0807_0605_0403_0201L).toBytes();
    assertArrayEquals(new byte[] {0x49, (byte) 0xb9, 1, 2, 3, 4, 5, 6, 7, 8}, bytes);
  }
}
