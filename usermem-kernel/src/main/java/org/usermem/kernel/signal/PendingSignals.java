package org.usermem.kernel.signal;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Signals sent and not yet delivered: {@code struct sigpending}. A standard signal is pending once,
 * and once more for each {@link Source}; a real-time signal as often as it was sent. Not
 * thread-safe: the kernel's lock of tasks guards it.
 */
public final class PendingSignals {

  /** Something whose signal is queued at most once and that learns when it leaves the queue. */
  public interface Source {
    /**
     * Called when the signal is taken for delivery.
     *
     * @param info the signal as it was queued
     * @return the signal to deliver, for example with the overrun counted since
     */
    SignalInfo delivered(SignalInfo info);

    /** Called when the signal is discarded. */
    void discarded();
  }

  private record Entry(SignalInfo info, @Nullable QueueQuota quota, @Nullable Source source) {}

  private long set;
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();

  /** Makes an empty queue. */
  public PendingSignals() {}

  /**
   * Returns what is pending.
   *
   * @return a set
   */
  public long set() {
    return set;
  }

  /**
   * Returns whether a signal is pending.
   *
   * @param signo a signal
   * @return whether it is
   */
  public boolean contains(int signo) {
    return SignalSet.contains(set, signo);
  }

  /**
   * Queues a signal with what it carries. The caller has dropped a second instance of a standard
   * signal.
   *
   * @param info the signal
   * @param quota what counts the entry until it leaves, charged by the caller
   * @param source who learns when it leaves
   */
  public void add(SignalInfo info, @Nullable QueueQuota quota, @Nullable Source source) {
    queue.addLast(new Entry(info, quota, source));
    set |= SignalSet.bit(info.signo());
  }

  /**
   * Makes a signal pending without what it carries: for SIGKILL, and where the queue is full.
   *
   * @param signo a signal
   */
  public void addBare(int signo) {
    set |= SignalSet.bit(signo);
  }

  /**
   * Takes the signal that is to be delivered next ({@code dequeue_signal}): synchronous ones first,
   * then by number.
   *
   * @param mask signals that are not to be taken
   * @return the signal, or null if nothing else is pending
   */
  public @Nullable SignalInfo dequeue(long mask) {
    long ready = set & ~mask;
    if (ready == 0) {
      return null;
    }
    long synchronous = ready & Signals.SYNCHRONOUS_SET;
    return take(SignalSet.first(synchronous != 0 ? synchronous : ready));
  }

  /**
   * Returns the signals that are queued, oldest first, for a tracer's PTRACE_PEEKSIGINFO.
   *
   * @return the signals
   */
  public Iterable<SignalInfo> queued() {
    return queue.stream().map(Entry::info).toList();
  }

  /**
   * Discards signals ({@code flush_sigqueue_mask}).
   *
   * @param signals which
   */
  public void discard(long signals) {
    if ((set & signals) == 0) {
      return;
    }
    set &= ~signals;
    for (Iterator<Entry> each = queue.iterator(); each.hasNext(); ) {
      Entry entry = each.next();
      if (SignalSet.contains(signals, entry.info.signo())) {
        each.remove();
        release(entry);
        if (entry.source != null) {
          entry.source.discarded();
        }
      }
    }
  }

  /**
   * Discards the signal of one source, when that goes.
   *
   * @param source the source
   */
  @SuppressWarnings("ReferenceEquality") // Sources are themselves.
  public void discard(Source source) {
    for (Iterator<Entry> each = queue.iterator(); each.hasNext(); ) {
      Entry entry = each.next();
      if (entry.source == source) {
        each.remove();
        release(entry);
        int signo = entry.info.signo();
        if (queue.stream().noneMatch(other -> other.info.signo() == signo)) {
          set &= ~SignalSet.bit(signo);
        }
        return;
      }
    }
  }

  private SignalInfo take(int signo) {
    Entry found = null;
    boolean another = false;
    for (Iterator<Entry> each = queue.iterator(); each.hasNext(); ) {
      Entry entry = each.next();
      if (entry.info.signo() != signo) {
        continue;
      }
      if (found != null) {
        another = true;
        break;
      }
      found = entry;
      each.remove();
    }
    if (!another) {
      set &= ~SignalSet.bit(signo);
    }
    if (found == null) {
      return SignalInfo.bare(signo);
    }
    release(found);
    return found.source == null ? found.info : found.source.delivered(found.info);
  }

  private static void release(Entry entry) {
    if (entry.quota != null) {
      entry.quota.release();
    }
  }
}
