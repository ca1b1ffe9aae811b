// Micro-benchmarks of what a program asks of its kernel. Prints a line each: name, tab, nanoseconds.
//
//   guest [NAME...]     all, or those whose name contains one of the words
//   guest --exit        does nothing: what fork+exec executes
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "timing.h"

enum { PAGE = 4096, BIG = 1 << 20, TOUCHED = 64 << 20, PARTS = 8, PART = 512 };

static const char *self;
static int file, null, zero;
static char *buffer;
static struct iovec parts[PARTS];

// --- Calls that do next to nothing

static void run_getppid(long n) {
  while (n--) syscall(SYS_getppid);
}

static void run_clock(long n) {
  struct timespec t;
  while (n--) clock_gettime(CLOCK_MONOTONIC, &t);
}

// --- Bytes

static void run_write_null(long n) {
  while (n--) check(write(null, buffer, PAGE), "write");
}

static void run_read_zero(long n) {
  while (n--) check(read(zero, buffer, BIG), "read");
}

static void reads(long n, size_t size) {
  while (n--) check(pread(file, buffer, size, 0), "pread");
}

static void writes(long n, size_t size) {
  while (n--) check(pwrite(file, buffer, size, 0), "pwrite");
}

static void run_pread_64(long n) { reads(n, 64); }
static void run_pread_4k(long n) { reads(n, PAGE); }
static void run_pread_1m(long n) { reads(n, BIG); }
static void run_pwrite_64(long n) { writes(n, 64); }
static void run_pwrite_4k(long n) { writes(n, PAGE); }
static void run_pwrite_1m(long n) { writes(n, BIG); }

static void run_readv(long n) {
  while (n--) check(preadv(file, parts, PARTS, 0), "preadv");
}

static void run_writev(long n) {
  while (n--) check(pwritev(file, parts, PARTS, 0), "pwritev");
}

// --- Files by name

static void run_open(long n) {
  while (n--) {
    int fd = check(open(self, O_RDONLY), "open");
    check(read(fd, buffer, 64), "read");
    close(fd);
  }
}

static void run_stat(long n) {
  struct stat s;
  while (n--) check(stat(self, &s), "stat");
}

// --- Memory

static void run_touch(long n) {
  while (n > 0) {
    char *p = mmap(0, TOUCHED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(p == MAP_FAILED ? -1 : 0, "mmap");
    for (long i = 0; i < TOUCHED && n > 0; i += PAGE, n--) p[i] = 1;
    munmap(p, TOUCHED);
  }
}

static void run_mmap(long n) {
  while (n--) {
    void *p = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(p == MAP_FAILED ? -1 : 0, "mmap");
    munmap(p, PAGE);
  }
}

// Takes a page's permission away and gives it back, and uses the page.
static void run_mprotect(long n) {
  char *page = buffer + 8 * PAGE;
  while (n--) {
    mprotect(page, PAGE, PROT_READ);
    mprotect(page, PAGE, PROT_READ | PROT_WRITE);
    *(volatile char *)page = 1;
  }
}

// --- Processes and threads

static void fork_and_wait(void) {
  pid_t child = check(fork(), "fork");
  if (child == 0) _exit(0);
  waitpid(child, 0, 0);
}

static void run_fork(long n) {
  while (n--) fork_and_wait();
}

static void run_fork_big(long n) {
  static char *touched;
  if (!touched) {
    touched = mmap(0, TOUCHED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(touched, 1, TOUCHED);
  }
  while (n--) fork_and_wait();
}

static void run_exec(long n) {
  while (n--) {
    pid_t child = check(fork(), "fork");
    if (child == 0) {
      execl(self, self, "--exit", (char *)0);
      _exit(127);
    }
    int status;
    waitpid(child, &status, 0);
    check(status == 0 ? 0 : -1, "execl");
  }
}

static void *nothing(void *unused) { return unused; }

static void run_thread(long n) {
  pthread_t t;
  while (n--) {
    check(pthread_create(&t, 0, nothing, 0) == 0 ? 0 : -1, "pthread_create");
    pthread_join(t, 0);
  }
}

// --- Waiting for each other: one operation is there and back

static int there[2], back[2];

static void *pipe_echo(void *count) {
  char c;
  for (long n = *(long *)count; n > 0; n--) {
    check(read(there[0], &c, 1), "read");
    check(write(back[1], &c, 1), "write");
  }
  return 0;
}

static void run_pipe(long n) {
  pthread_t t;
  long count = n;
  char c = 0;
  pthread_create(&t, 0, pipe_echo, &count);
  while (n--) {
    check(write(there[1], &c, 1), "write");
    check(read(back[0], &c, 1), "read");
  }
  pthread_join(t, 0);
}

static int turn;

static void await_turn(int mine) {
  int now;
  while ((now = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) != mine)
    syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, now, 0, 0, 0);
}

static void pass_turn(int to) {
  __atomic_store_n(&turn, to, __ATOMIC_RELEASE);
  syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

static void *futex_echo(void *count) {
  for (long n = *(long *)count; n > 0; n--) {
    await_turn(1);
    pass_turn(0);
  }
  return 0;
}

static void run_futex(long n) {
  pthread_t t;
  long count = n;
  pthread_create(&t, 0, futex_echo, &count);
  while (n--) {
    pass_turn(1);
    await_turn(0);
  }
  pthread_join(t, 0);
}

// --- Signals

static volatile sig_atomic_t handled;

static void on_signal(int signal) { handled = signal; }

static void run_signal(long n) {
  signal(SIGUSR1, on_signal);
  while (n--) syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1);
}

static void run_ignored_signal(long n) {
  signal(SIGUSR2, SIG_IGN);
  pid_t me = getpid();
  while (n--) kill(me, SIGUSR2);
}

static const struct {
  const char *name;
  operation run;
} benchmarks[] = {
    {"getppid", run_getppid},
    {"clock_gettime", run_clock},
    {"write 4 KiB to /dev/null", run_write_null},
    {"read 1 MiB of /dev/zero", run_read_zero},
    {"pread 64 B", run_pread_64},
    {"pread 4 KiB", run_pread_4k},
    {"pread 1 MiB", run_pread_1m},
    {"pwrite 64 B", run_pwrite_64},
    {"pwrite 4 KiB", run_pwrite_4k},
    {"pwrite 1 MiB", run_pwrite_1m},
    {"readv 8 x 512 B", run_readv},
    {"writev 8 x 512 B", run_writev},
    {"open+read+close", run_open},
    {"stat", run_stat},
    {"touch 64 MiB, a page", run_touch},
    {"mmap+munmap", run_mmap},
    {"mprotect flip", run_mprotect},
    {"fork+exit+wait", run_fork},
    {"fork+exec+wait", run_exec},
    {"thread create+join", run_thread},
    {"pipe ping-pong", run_pipe},
    {"futex ping-pong", run_futex},
    {"signal handled", run_signal},
    {"signal ignored", run_ignored_signal},
    // Last, as its memory stays.
    {"fork, 64 MiB touched", run_fork_big},
};

static void prepare(void) {
  buffer = mmap(0, 2 * BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  check(buffer == MAP_FAILED ? -1 : 0, "mmap");
  memset(buffer, 'x', 2 * BIG);
  // Apart from each other, so that no two are one range.
  for (int i = 0; i < PARTS; i++) parts[i] = (struct iovec){buffer + i * 2 * PART, PART};
  null = check(open("/dev/null", O_WRONLY), "/dev/null");
  zero = check(open("/dev/zero", O_RDONLY), "/dev/zero");
  char name[] = "/tmp/guest-XXXXXX";
  file = check(mkstemp(name), "mkstemp");
  unlink(name);
  check(write(file, buffer, BIG), "write");
  check(pipe(there), "pipe");
  check(pipe(back), "pipe");
}

static int wanted(const char *name, int words, char **word) {
  for (int i = 0; i < words; i++)
    if (strstr(name, word[i])) return 1;
  return words == 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--exit") == 0) return 0;
  self = argv[0];
  prepare();
  for (size_t i = 0; i < sizeof benchmarks / sizeof benchmarks[0]; i++) {
    if (!wanted(benchmarks[i].name, argc - 1, argv + 1)) continue;
    printf("%s\t%.0f\n", benchmarks[i].name, nanoseconds_each(benchmarks[i].run));
    fflush(stdout);
  }
  return 0;
}
