package org.usermem.linux.sysv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which message msgrcv(2) takes ({@code convert_mode}). */
public sealed interface MessageChoice {
  /** The first one. */
  record First() implements MessageChoice {}

  /** The first one of a type. */
  record OfType(long type) implements MessageChoice {}

  /** The first one of any other type. */
  record NotOfType(long type) implements MessageChoice {}

  /** The first one of the lowest type up to a bound. */
  record UpTo(long type) implements MessageChoice {}

  /** The one at a position, which stays in the queue (MSG_COPY). */
  record At(long position) implements MessageChoice {}

  /** Returns what a type argument means. */
  static MessageChoice of(long type, boolean except) {
    if (type == 0) {
      return new First();
    }
    if (type < 0) {
      return new UpTo(type == Long.MIN_VALUE ? Long.MAX_VALUE : -type);
    }
    return except ? new NotOfType(type) : new OfType(type);
  }

  /** Returns whether a message that has just come is taken. */
  default boolean takes(Message message) {
    return switch (this) {
      case First first -> true;
      case OfType(long type) -> message.type() == type;
      case NotOfType(long type) -> message.type() != type;
      case UpTo(long type) -> message.type() <= type;
      case At at -> false;
    };
  }

  /** Returns the message that is chosen, or null. */
  default @Nullable Message find(List<Message> messages) {
    if (this instanceof At(long position)) {
      return position >= 0 && position < messages.size() ? messages.get((int) position) : null;
    }
    Message found = null;
    for (Message each : messages) {
      if (takes(each) && (found == null || each.type() < found.type())) {
        found = each;
        if (!(this instanceof UpTo)) {
          return found;
        }
      }
    }
    return found;
  }
}
