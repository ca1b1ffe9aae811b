package org.usermem.linux.ipc;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.usermem.errno.Errno;
import org.usermem.errno.LinuxException;
import org.usermem.fs.access.Capability;
import org.usermem.kernel.SyscallArguments;
import org.usermem.kernel.Task;
import org.usermem.linux.abi.IpcPermStruct;
import org.usermem.linux.namespace.IpcNamespace;
import org.usermem.linux.sysv.Message;
import org.usermem.linux.sysv.MessageChoice;
import org.usermem.linux.sysv.MessageQueue;
import org.usermem.linux.sysv.MessageQueues;
import org.usermem.linux.sysv.TaskCaller;

/** msgget(2), msgsnd(2), msgrcv(2) and msgctl(2); ipc/msg.c. */
public final class MessageCalls {
  private static final int IPC_NOWAIT = 04000;
  private static final int MSG_NOERROR = 010000;
  private static final int MSG_EXCEPT = 020000;
  private static final int MSG_COPY = 040000;

  private static final int MSG_STAT = 11;
  private static final int MSG_INFO = 12;
  private static final int MSG_STAT_ANY = 13;

  private static final int MSQID_DS = 120;
  private static final int MSGINFO = 32;
  private static final int SEGMENT_BYTES = 16;
  private static final int KIBI = 1024;

  private MessageCalls() {}

  private static MessageQueues queues(Task task) {
    return IpcNamespace.of(task).systemV(task.kernel()).messages();
  }

  /** msgget(key, msgflg). */
  public static long msgget(Task task, SyscallArguments args) {
    return queues(task).get(args.asInt(0), args.asInt(1), new TaskCaller(task)).id();
  }

  /** msgsnd(msqid, msgp, msgsz, msgflg). */
  public static long msgsnd(Task task, SyscallArguments args) {
    int id = args.asInt(0);
    long address = args.asLong(1);
    long size = args.asLong(2);
    long type = task.copyInLong(address);
    if (size < 0 || size > MessageQueues.MAXIMUM_MESSAGE_BYTES || id < 0 || type < 1) {
      throw LinuxException.of(Errno.EINVAL);
    }
    byte[] body = new byte[(int) size];
    task.copyInFully(address + Long.BYTES, MemorySegment.ofArray(body));
    MessageQueues queues = queues(task);
    boolean waits = (args.asInt(3) & IPC_NOWAIT) == 0;
    queues.send(task, queues.find(id), new Message(type, body), waits);
    return 0;
  }

  /** msgrcv(msqid, msgp, msgsz, msgtyp, msgflg). */
  public static long msgrcv(Task task, SyscallArguments args) {
    int id = args.asInt(0);
    long maximum = args.asLong(2);
    long type = args.asLong(3);
    int flags = args.asInt(4);
    boolean waits = (flags & IPC_NOWAIT) == 0;
    boolean copies = (flags & MSG_COPY) != 0;
    boolean except = (flags & MSG_EXCEPT) != 0;
    if (id < 0 || maximum < 0 || (copies && (except || waits))) {
      throw LinuxException.of(Errno.EINVAL);
    }
    MessageChoice choice = copies ? new MessageChoice.At(type) : MessageChoice.of(type, except);
    MessageQueues queues = queues(task);
    boolean truncates = (flags & MSG_NOERROR) != 0;
    Message message = queues.receive(task, queues.find(id), choice, maximum, truncates, waits);
    long count = Math.min(maximum, message.body().length);
    long address = args.asLong(1);
    task.copyOutLong(address, message.type());
    task.copyOutFully(
        address + Long.BYTES, MemorySegment.ofArray(message.body()).asSlice(0, count));
    return count;
  }

  /** msgctl(msqid, cmd, buf). */
  public static long msgctl(Task task, SyscallArguments args) {
    int id = args.asInt(0);
    int command = args.asInt(1);
    long buffer = args.asLong(2);
    if (id < 0 || command < 0) {
      throw LinuxException.of(Errno.EINVAL);
    }
    MessageQueues queues = queues(task);
    TaskCaller caller = new TaskCaller(task);
    return switch (command) {
      case IpcCommands.INFO, MSG_INFO -> info(task, queues, command == MSG_INFO, buffer);
      case IpcCommands.STAT -> {
        copyOut(task, queues.find(id).status(caller), buffer);
        yield 0;
      }
      case MSG_STAT, MSG_STAT_ANY -> {
        MessageQueue queue = queues.findByIndex(id);
        copyOut(task, command == MSG_STAT ? queue.status(caller) : queue.status(), buffer);
        yield queue.id();
      }
      case IpcCommands.SET -> set(task, queues, id, buffer);
      case IpcCommands.RMID -> {
        queues.remove(queues.find(id), caller);
        yield 0;
      }
      default -> throw LinuxException.of(Errno.EINVAL);
    };
  }

  private static void copyOut(Task task, MessageQueue.Status status, long buffer) {
    MemorySegment struct = task.scratch(MSQID_DS);
    struct.fill((byte) 0);
    IpcPermStruct.encode(struct, status.id(), status.key(), status.permissions(), 0);
    struct.set(JAVA_LONG_UNALIGNED, 48, status.sendSeconds());
    struct.set(JAVA_LONG_UNALIGNED, 56, status.receiveSeconds());
    struct.set(JAVA_LONG_UNALIGNED, 64, status.changeSeconds());
    struct.set(JAVA_LONG_UNALIGNED, 72, status.byteCount());
    struct.set(JAVA_LONG_UNALIGNED, 80, status.messageCount());
    struct.set(JAVA_LONG_UNALIGNED, 88, status.maximumByteCount());
    struct.set(JAVA_INT_UNALIGNED, 96, status.sender());
    struct.set(JAVA_INT_UNALIGNED, 100, status.receiver());
    task.copyOutFully(buffer, struct);
  }

  private static long set(Task task, MessageQueues queues, int id, long buffer) {
    MemorySegment struct = task.scratch(MSQID_DS);
    task.copyInFully(buffer, struct);
    queues
        .find(id)
        .set(
            new TaskCaller(task),
            IpcPermStruct.uid(struct),
            IpcPermStruct.gid(struct),
            IpcPermStruct.mode(struct),
            struct.get(JAVA_LONG_UNALIGNED, 88),
            task.credentials().has(Capability.SYS_RESOURCE));
    return 0;
  }

  private static long info(Task task, MessageQueues queues, boolean ofUse, long buffer) {
    MessageQueues.Totals totals = queues.totals();
    int perQueue = MessageQueues.MAXIMUM_QUEUE_BYTES;
    int pool = MessageQueues.MAXIMUM_QUEUES * (perQueue / KIBI);
    MemorySegment struct = task.scratch(MSGINFO);
    struct.fill((byte) 0);
    struct.set(JAVA_INT_UNALIGNED, 0, ofUse ? totals.queues() : pool);
    struct.set(JAVA_INT_UNALIGNED, 4, ofUse ? totals.messages() : perQueue);
    struct.set(JAVA_INT_UNALIGNED, 8, MessageQueues.MAXIMUM_MESSAGE_BYTES);
    struct.set(JAVA_INT_UNALIGNED, 12, perQueue);
    struct.set(JAVA_INT_UNALIGNED, 16, MessageQueues.MAXIMUM_QUEUES);
    struct.set(JAVA_INT_UNALIGNED, 20, SEGMENT_BYTES);
    struct.set(JAVA_INT_UNALIGNED, 24, ofUse ? (int) totals.byteCount() : perQueue);
    struct.set(JAVA_SHORT_UNALIGNED, 28, (short) 0xffff);
    task.copyOutFully(buffer, struct);
    return queues.highestIndex();
  }
}
