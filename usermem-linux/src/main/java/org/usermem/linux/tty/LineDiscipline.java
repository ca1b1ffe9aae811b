package org.usermem.linux.tty;

/**
 * The line discipline N_TTY: what is typed becomes lines, signals and echoes; what programs write
 * becomes what the terminal shows. Follows drivers/tty/n_tty.c. Not thread-safe: the terminal's
 * lock guards it.
 */
final class LineDiscipline {
  /** What typing can do besides producing input. */
  interface Listener {
    /** A character that stands for a signal was typed. */
    void signalTyped(int signo);
  }

  private static final int SIGINT = 2;
  private static final int SIGQUIT = 3;
  private static final int SIGTSTP = 20;

  private final Listener listener;
  private final InputLines input = new InputLines();
  private final TerminalOutput output = new TerminalOutput();
  private Termios termios = Termios.STANDARD;
  private boolean stopped;
  private boolean literalNext;

  /** Where on the terminal the line being edited starts ({@code canon_column}). */
  private int startColumn;

  LineDiscipline(Listener listener) {
    this.listener = listener;
  }

  Termios termios() {
    return termios;
  }

  InputLines input() {
    return input;
  }

  TerminalOutput output() {
    return output;
  }

  /** Whether the user has stopped output with the stop character. */
  boolean isStopped() {
    return stopped;
  }

  void setStopped(boolean stopped) {
    this.stopped = stopped;
  }

  /**
   * Changes the settings; entering or leaving canonical mode makes what has been typed readable.
   */
  void setTermios(Termios changed) {
    boolean toggled = termios.isCanonical() != changed.isCanonical();
    termios = changed;
    if (toggled) {
      input.finishEverything();
    }
    if (!changed.hasInput(Termios.IXON)) {
      stopped = false;
    }
  }

  /** Whether a read would find something, or the end of file. */
  boolean isReadable() {
    if (termios.isCanonical()) {
      return input.hasLine();
    }
    int enough = termios.time() == 0 && termios.minimum() > 0 ? termios.minimum() : 1;
    return input.readable(false) >= enough;
  }

  /** Whether another byte may be typed now. */
  boolean acceptsInput() {
    return input.hasRoom(true) || (termios.isCanonical() && !input.hasLine());
  }

  /** Takes a byte that was typed. */
  void type(byte typed) {
    byte b = typed;
    if (termios.hasInput(Termios.ISTRIP)) {
      b &= 0x7f;
    }
    if (termios.hasInput(Termios.IUCLC) && termios.hasLocal(Termios.IEXTEN)) {
      b = b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }
    if (literalNext) {
      literalNext = false;
      ordinary(b);
      return;
    }
    if (flowControl(b) || signal(b)) {
      return;
    }
    if (b == '\r') {
      if (termios.hasInput(Termios.IGNCR)) {
        return;
      }
      b = termios.hasInput(Termios.ICRNL) ? (byte) '\n' : b;
    } else if (b == '\n' && termios.hasInput(Termios.INLCR)) {
      b = '\r';
    }
    if (!termios.isCanonical() || !edit(b)) {
      ordinary(b);
    }
  }

  private boolean flowControl(byte b) {
    if (!termios.hasInput(Termios.IXON)) {
      return false;
    }
    if (termios.is(Termios.VSTART, b)) {
      stopped = false;
      return true;
    }
    if (termios.is(Termios.VSTOP, b)) {
      stopped = true;
      return true;
    }
    if (stopped && termios.hasInput(Termios.IXANY)) {
      stopped = false;
    }
    return false;
  }

  private boolean signal(byte b) {
    if (!termios.hasLocal(Termios.ISIG)) {
      return false;
    }
    int signo =
        termios.is(Termios.VINTR, b)
            ? SIGINT
            : termios.is(Termios.VQUIT, b) ? SIGQUIT : termios.is(Termios.VSUSP, b) ? SIGTSTP : 0;
    if (signo == 0) {
      return false;
    }
    if (!termios.hasLocal(Termios.NOFLSH)) {
      input.clear();
      output.bytes().clear();
    }
    stopped = false;
    if (termios.hasLocal(Termios.ECHO)) {
      output.echo(b, termios);
    }
    listener.signalTyped(signo);
    return true;
  }

  /** Handles what edits or ends a line; false for a byte that belongs to the line. */
  private boolean edit(byte b) {
    boolean extended = termios.hasLocal(Termios.IEXTEN);
    if (termios.is(Termios.VERASE, b)) {
      eraseCharacter();
    } else if (termios.is(Termios.VKILL, b)) {
      kill(b);
    } else if (extended && termios.is(Termios.VWERASE, b)) {
      eraseWord();
    } else if (extended && termios.is(Termios.VLNEXT, b)) {
      literalNext = true;
      if (termios.hasLocal(Termios.ECHO) && termios.hasLocal(Termios.ECHOCTL)) {
        output.write((byte) '^', termios);
        output.write((byte) '\b', termios);
      }
    } else if (extended && termios.is(Termios.VREPRINT, b) && termios.hasLocal(Termios.ECHO)) {
      reprint(b);
    } else if (b == '\n') {
      if (termios.hasLocal(Termios.ECHO) || termios.hasLocal(Termios.ECHONL)) {
        output.write(b, termios);
      }
      endLine(b);
    } else if (termios.is(Termios.VEOF, b)) {
      input.finishLine();
    } else if (termios.is(Termios.VEOL, b) || (extended && termios.is(Termios.VEOL2, b))) {
      if (termios.hasLocal(Termios.ECHO)) {
        output.echo(b, termios);
      }
      endLine(b);
    } else {
      return false;
    }
    return true;
  }

  private void endLine(byte b) {
    if (input.hasRoom(false)) {
      input.append(b);
    }
    input.finishLine();
  }

  private void ordinary(byte b) {
    if (!input.hasRoom(true)) {
      return;
    }
    if (input.editedLength() == 0) {
      startColumn = output.column();
    }
    if (termios.hasLocal(Termios.ECHO)) {
      output.echo(b, termios);
    }
    if (b == (byte) 0xff && termios.hasInput(Termios.PARMRK) && input.hasRoom(true)) {
      input.append(b);
    }
    input.append(b);
  }

  private boolean isContinuation(byte b) {
    return termios.hasInput(Termios.IUTF8) && (b & 0xc0) == 0x80;
  }

  /** Erases the last character of the line; returns whether there was one. */
  private boolean eraseCharacter() {
    if (input.editedLength() == 0) {
      return false;
    }
    int start = input.editedLength() - 1;
    while (start > 0 && isContinuation(input.edited(start))) {
      start--;
    }
    if (isContinuation(input.edited(start))) {
      // The character begins before the line does: no part of it is erased.
      return false;
    }
    byte erased = input.eraseLast();
    while (input.editedLength() > start) {
      erased = input.eraseLast();
    }
    showErased(erased, termios.hasLocal(Termios.ECHOE));
    return true;
  }

  private void eraseWord() {
    boolean seenWord = false;
    while (input.editedLength() > 0) {
      byte last = input.edited(input.editedLength() - 1);
      boolean word = Character.isLetterOrDigit(last & 0xff) || last == '_';
      if (seenWord && !word) {
        return;
      }
      seenWord |= word;
      if (!eraseCharacter()) {
        return;
      }
    }
  }

  private void kill(byte b) {
    boolean visibly = termios.hasLocal(Termios.ECHOK) && termios.hasLocal(Termios.ECHOKE);
    if (!termios.hasLocal(Termios.ECHO) || (visibly && termios.hasLocal(Termios.ECHOE))) {
      boolean erases = true;
      while (erases) {
        erases = eraseCharacter();
      }
      return;
    }
    while (input.editedLength() > 0) {
      input.eraseLast();
    }
    output.echo(b, termios);
    if (termios.hasLocal(Termios.ECHOK)) {
      output.write((byte) '\n', termios);
    }
  }

  private void reprint(byte b) {
    output.echo(b, termios);
    output.write((byte) '\n', termios);
    for (int i = 0; i < input.editedLength(); i++) {
      output.echo(input.edited(i), termios);
    }
  }

  /** Wipes a character off the terminal, however many columns it takes there. */
  private void showErased(byte erased, boolean wiping) {
    if (!termios.hasLocal(Termios.ECHO)) {
      return;
    }
    if (!wiping) {
      output.echo(termios.controlCharacter(Termios.VERASE), termios);
      return;
    }
    int columns = 1;
    if (erased == '\t') {
      columns = tabColumns();
    } else if (TerminalOutput.isShownWithCaret(erased, termios)) {
      columns = 2;
    } else if (erased >= 0 && erased < ' ') {
      columns = 0;
    }
    boolean spaces = erased != '\t';
    for (int i = 0; i < columns; i++) {
      output.write((byte) '\b', termios);
      if (spaces) {
        output.write((byte) ' ', termios);
        output.write((byte) '\b', termios);
      }
    }
  }

  /** The columns that a tab behind the line being edited took ({@code eraser}, ER_TAB). */
  private int tabColumns() {
    int width = 0;
    for (int i = input.editedLength() - 1; i >= 0; i--) {
      byte b = input.edited(i);
      if (b == '\t') {
        return 8 - width % 8;
      }
      if ((b >= 0 && b < ' ') || b == 0x7f) {
        width += termios.hasLocal(Termios.ECHOCTL) ? 2 : 0;
      } else if ((b & 0xc0) != 0x80 || !termios.hasInput(Termios.IUTF8)) {
        width++;
      }
    }
    return 8 - (width + startColumn) % 8;
  }
}
