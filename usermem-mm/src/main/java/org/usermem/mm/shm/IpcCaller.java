package org.usermem.mm.shm;

/** Who calls, as far as permissions of System V objects go: segments, semaphores, messages. */
public interface IpcCaller {

  /** Returns the effective user. */
  int uid();

  /** Returns the effective group. */
  int gid();

  /** Returns whether the caller is in a group: the effective or a supplementary one. */
  boolean isInGroup(int gid);

  /** Returns whether the caller has CAP_IPC_OWNER, to which permission bits do not apply. */
  boolean mayBypassPermissions();

  /** Returns whether the caller has CAP_SYS_ADMIN, who may remove and change any object. */
  boolean mayAdministrate();

  /** Returns the process number. */
  int pid();
}
