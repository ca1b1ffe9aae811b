package org.usermem.platform.contract;

import java.io.ByteArrayOutputStream;

/** Assembles the few instructions that the guests of the tests are made of. */
public final class MachineCode {

  /** Numbers of registers in instructions. */
  public static final int RAX = 0;

  public static final int RCX = 1;
  public static final int RDX = 2;
  public static final int RBX = 3;
  public static final int RSI = 6;
  public static final int RDI = 7;
  public static final int R8 = 8;
  public static final int R9 = 9;
  public static final int R10 = 10;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Appends bytes as they are. */
  public MachineCode raw(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  /** Loads a constant into a register. */
  public MachineCode set(int register, long value) {
    raw(register < 8 ? 0x48 : 0x49, 0xb8 + (register & 7));
    for (int shift = 0; shift < 64; shift += 8) {
      raw((int) (value >>> shift) & 0xff);
    }
    return this;
  }

  /** Makes a system call of a number, without touching its arguments. */
  public MachineCode call(int number) {
    return set(RAX, number).syscall();
  }

  public MachineCode syscall() {
    return raw(0x0f, 0x05);
  }

  /** Loads eax from the address in rdi. */
  public MachineCode load() {
    return raw(0x8b, 0x07);
  }

  /** Stores eax at the address in rdi. */
  public MachineCode store() {
    return raw(0x89, 0x07);
  }

  /** Adds one to the word at the address in rdi, atomically. */
  public MachineCode increment() {
    return raw(0xf0, 0xff, 0x07);
  }

  /** Jumps to the address in rax. */
  public MachineCode jumpToRax() {
    return raw(0xff, 0xe0);
  }

  /** Calls the function at the address in rax. */
  public MachineCode callRax() {
    return raw(0xff, 0xd0);
  }

  /** Jumps to the start of the program. */
  public MachineCode loop() {
    int distance = -(bytes.size() + 5);
    return raw(
        0xe9, distance & 0xff, (distance >> 8) & 0xff, (distance >> 16) & 0xff, distance >>> 24);
  }

  /** Returns the number of bytes so far. */
  public int size() {
    return bytes.size();
  }

  public byte[] toBytes() {
    return bytes.toByteArray();
  }
}
