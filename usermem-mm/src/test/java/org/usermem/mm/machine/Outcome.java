package org.usermem.mm.machine;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What came of an operation, in terms that every machine has.
 *
 * @param value the result; places in the region are pages, and {@link #ELSEWHERE} is any other
 * @param error the name of the errno, or empty
 * @param fault how a load or store ended early: "", "MAPERR", "ACCERR" or "BUS"
 * @param bytes what was read
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by content below.
record Outcome(long value, String error, String fault, byte[] bytes) {

  static final long ELSEWHERE = -2;

  private static final byte[] NOTHING = {};

  static Outcome of(long value) {
    return new Outcome(value, "", "", NOTHING);
  }

  static Outcome error(String error) {
    return new Outcome(-1, error, "", NOTHING);
  }

  boolean isError() {
    return !error.isEmpty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Outcome outcome
        && outcome.value == value
        && outcome.error.equals(error)
        && outcome.fault.equals(fault)
        && Arrays.equals(outcome.bytes, bytes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value) + error.hashCode() + fault.hashCode() + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    String data = bytes.length == 0 ? "" : " " + digest();
    return isError() ? error : value + (fault.isEmpty() ? "" : " " + fault) + data;
  }

  /** The first bytes of each page's worth, enough to tell patterns apart. */
  private String digest() {
    StringBuilder text = new StringBuilder(bytes.length + " bytes");
    for (int i = 0; i < bytes.length; i += 1024) {
      text.append(' ').append(HexFormat.of().formatHex(bytes, i, Math.min(i + 4, bytes.length)));
    }
    return text.append(" hash ").append(Arrays.hashCode(bytes)).toString();
  }
}
