package org.usermem.kernel.identity;

/**
 * The four user IDs of a task, or its four group IDs (credentials(7)).
 *
 * @param real who started the task
 * @param effective whose rights it has
 * @param saved whose rights it may take back
 * @param fileSystem whose rights it has for files
 */
public record UserIds(int real, int effective, int saved, int fileSystem) {

  /**
   * Returns four equal IDs.
   *
   * @param id the ID
   * @return the IDs
   */
  public static UserIds all(int id) {
    return new UserIds(id, id, id, id);
  }

  /**
   * Returns whether an ID is the real, the effective or the saved one.
   *
   * @param id an ID
   * @return whether it is
   */
  public boolean holds(int id) {
    return id == real || id == effective || id == saved;
  }
}
