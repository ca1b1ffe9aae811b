package org.usermem.linux.pseudo;

/** Whose a file is, which can change from one look to the next. */
public interface PseudoOwner {
  /** Root. */
  PseudoOwner ROOT =
      new PseudoOwner() {
        @Override
        public int userId() {
          return 0;
        }

        @Override
        public int groupId() {
          return 0;
        }
      };

  /** Returns the user. */
  int userId();

  /** Returns the group. */
  int groupId();
}
