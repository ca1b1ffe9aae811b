package org.usermem.sentry.text;

import java.util.List;

/**
 * A statement that begins in column one, and the indented ones below it.
 *
 * @param head the statement that opens the block
 * @param body the indented statements, in order; empty where there are none
 */
public record Block(Statement head, List<Statement> body) {

  /** Copies the body. */
  public Block {
    body = List.copyOf(body);
  }

  /**
   * Checks that nothing is indented below the head.
   *
   * @throws TextException if something is
   */
  public void checkNoBody() {
    if (!body.isEmpty()) {
      throw body.getFirst().error("'" + head.keyword() + "' takes no indented lines");
    }
  }
}
