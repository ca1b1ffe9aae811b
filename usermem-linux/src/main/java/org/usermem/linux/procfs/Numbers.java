package org.usermem.linux.procfs;

/** Names that are numbers. */
final class Numbers {
  private static final int MAXIMUM_LENGTH = 9;

  private Numbers() {}

  /** The number that a name is in decimal without leading zeros; -1 if it is none. */
  static int parse(String name) {
    if (name.isEmpty() || name.length() > MAXIMUM_LENGTH) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < name.length(); i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9 || (digit == 0 && i == 0 && name.length() > 1)) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
