/*
 * Makes system calls with random and adversarial arguments. It is the first process of its sentry;
 * what it starts does the calls, because many of them end whoever makes them.
 *
 *   fuzz SEED CALLS            make at least CALLS calls, and look at what is left over then
 *   fuzz SEED CALLS ROUND      make the calls of one round only, with what was done last shown
 *
 * Never run it on a host: it mounts, unlinks, and kills whatever it can reach.
 * Build: gcc -O1 -static -nostdlib -ffreestanding -fno-stack-protector -o fuzz fuzz.c
 */
#include "fuzz.h"
#include "signatures.h"

enum { WORKERS = 3, CALLS_A_WORKER = 6000, THREADS = 3, FORK_EVERY = 500, DEPTH = 2 };

/* What a worker and the first process share, whatever the worker does to its own memory. */
struct progress {
  u64 calls, successes, errors[136], undefined, undefined_call;
  struct { u64 number, args[6]; } last[THREADS + 1];
};

static struct progress *progress_of[WORKERS];
static const char *self_path;

/* ---- arguments ---- */

static const u64 addresses[] = {
  0, 1, 8, 4095, 4096, 0x7fffffffe000, 0x7ffffffff000, 0x7fffffffffff, 0x800000000000,
  0x8000000000000000, 0xffff800000000000, 0xffffffff81000000, 0xffffffffff600000,
  0xfffffffffffff000, 0xffffffffffffffff, 0x100000000, 0xdeadbeefdeadbeef,
};
static const u64 lengths[] = {
  0, 1, 2, 7, 8, 16, 24, 56, 64, 88, 128, 512, 4095, 4096, 4097, 8192, 65536, 0x7fffffff,
  0x80000000, 0xffffffff, 0x7ffff000, 1ul << 32, 1ul << 40, 1ul << 47, 1ul << 62, 1ul << 63,
  -1ul, -8ul, -4095ul, -4096ul,
};
static const u64 integers[] = {
  0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 31, 32, 63, 64, 65, 127, 128, 255, 256, 1000, 1023, 1024,
  4096, 65535, 1 << 20, 0x7fffffff, 0x80000000, 0xffffffff, -1ul, -2ul, -100ul, 1ul << 63,
};
static const char *const paths[] = {
  "f", "g", "d", "d/f", "d/../f", "d/e", ".", "..", "/", "", "l", "loop", "fifo", "none/x", "f/x",
  "/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/ptmx", "/dev/shm/f", "/tmp/f",
  "/proc/self/maps", "/proc/self/smaps", "/proc/self/mem", "/proc/self/fd/5", "/proc/self/exe",
  "/proc/self/status", "/proc/self/task", "/proc/meminfo", "/proc/self/comm", "/proc/self/cwd/f",
  "/proc/sys/kernel/hostname", "/etc/passwd", "/bin/sh", "/usr", "/sys/devices", "/proc/stat",
  "tmpfs", "proc", "overlay", "user.a", "security.capability", "size=1k", "\xff\xfe\n",
};

static u64 random_address(struct fuzzer *z, u64 room) {
  u64 kind = below(z, 100);
  if (kind < 72) return ARENA + (below(z, ARENA_BYTES - 4096) & -8ul);
  if (kind < 82) return ARENA + ARENA_BYTES - below(z, room < 64 ? 64 : room);
  if (kind < 86) return READ_ONLY + (below(z, 4096) & -8ul);
  if (kind < 89) return HOLE + below(z, 8192);
  if (kind < 95) return PICK(z, addresses);
  if (kind < 97) return next(z);
  if (kind < 98 && below(z, 500) == 0) return (u64)&kind & -8ul;
  return PLAYGROUND + below(z, PLAYGROUND_BYTES);
}

static u64 random_integer(struct fuzzer *z) { return below(z, 8) ? PICK(z, integers) : next(z); }

static u64 random_flags(struct fuzzer *z) {
  switch (below(z, 9)) {
    case 0: return 1ul << below(z, 32);
    case 1: return below(z, 4);
    case 2: return 1ul << below(z, 13) | 1ul << below(z, 24);
    case 3: return below(z, 64);
    case 4: return PICK(z, integers);
    case 5: return next(z);
    default: return 0;
  }
}

static u64 random_descriptor(struct fuzzer *z) {
  u64 kind = below(z, 100);
  if (kind < 80) return below(z, 30);
  if (kind < 88) return AT_FDCWD;
  return kind < 95 ? below(z, 1100) : PICK(z, integers);
}

static u64 random_process(struct fuzzer *z) {
  u64 kind = below(z, 10);
  if (kind < 4) return z->process;
  if (kind < 6) return 0;
  if (kind < 8) return z->process + below(z, 16);
  return kind < 9 ? PICK(z, integers) : below(z, 200);
}

static u64 random_signal(struct fuzzer *z) {
  static const u64 harmless[] = {0, 10, 12, 14, 17, 18, 23, 28, 34, 40, 64, 65, -1ul};
  return below(z, 30) ? PICK(z, harmless) : below(z, 70);
}

static int is_in_arena(u64 at, u64 bytes) { return at >= ARENA && at <= ARENA + ARENA_BYTES - bytes; }

/* Writes words that look like lengths, pointers, descriptors and flags. */
static void fill(struct fuzzer *z, u64 at, u64 words) {
  if (!is_in_arena(at, words * 8)) return;
  u64 *to = (u64 *)(at & -8ul);
  for (u64 i = 0; i < words; i++) {
    switch (below(z, 6)) {
      case 0: to[i] = random_address(z, 64); break;
      case 1: to[i] = PICK(z, lengths); break;
      case 2: to[i] = random_descriptor(z) | next(z) << 32; break;
      case 3: to[i] = below(z, 16); break;
      case 4: to[i] = random_flags(z); break;
      default: to[i] = next(z);
    }
  }
}

static u64 structure(struct fuzzer *z, int usual) {
  u64 at = random_address(z, 64);
  if (below(z, 3) == 0) fill(z, at, 16);
  return usual || below(z, 4) ? at : 0;
}

static u64 string(struct fuzzer *z) {
  u64 kind = below(z, 20);
  if (kind < 16) return (u64)PICK(z, paths);
  if (kind < 18) return random_address(z, 64);
  if (kind == 18) { /* no end before a page that is not there */
    for (u64 i = 1; i <= 5000; i++) *(char *)(ARENA + ARENA_BYTES - i) = 'a' + (i % 300 == 0);
    return ARENA + ARENA_BYTES - below(z, 5000);
  }
  u64 length = below(z, 4200); /* around NAME_MAX and PATH_MAX */
  char *at = (char *)ARENA + 8192;
  for (u64 i = 0; i < length; i++) at[i] = below(z, 90) ? 'x' : '/';
  at[length] = 0;
  return (u64)at;
}

static u64 interval(struct fuzzer *z) {
  u64 at = random_address(z, 16) & -8ul;
  if (is_in_arena(at, 32)) {
    for (int i = 0; i < 4; i++) ((u64 *)at)[i] = i % 2 == 0 ? 0 : below(z, 2000000);
    if (below(z, 12) == 0) ((u64 *)at)[below(z, 4)] = PICK(z, integers);
  }
  return below(z, 8) ? at : 0;
}

static u64 vectors(struct fuzzer *z) {
  u64 at = random_address(z, 64) & -8ul;
  if (is_in_arena(at, 128)) {
    for (int i = 0; i < 8; i++) {
      ((u64 *)at)[2 * i] = random_address(z, 128);
      ((u64 *)at)[2 * i + 1] = below(z, 5) ? below(z, 9000) : PICK(z, lengths);
    }
  }
  return at;
}

static u64 page(struct fuzzer *z) {
  if (below(z, 12)) return PLAYGROUND + (below(z, PLAYGROUND_BYTES) & -4096ul);
  return below(z, 20) ? PICK(z, addresses) : random_address(z, 4096);
}

static u64 page_count(struct fuzzer *z) {
  return below(z, 8) ? below(z, 64) * 4096 + (below(z, 10) ? 0 : 1) : PICK(z, lengths);
}

static u64 argument(struct fuzzer *z, char kind) {
  static const char kinds[] = "fdpqsloniutvPgamzx8";
  if (below(z, 18) == 0) kind = kinds[below(z, sizeof kinds - 1)];
  switch (kind) {
    case 'f': return random_descriptor(z);
    case 'd': return below(z, 2) ? AT_FDCWD : random_descriptor(z);
    case 'p': return structure(z, 1);
    case 'q': return structure(z, 0);
    case 's': return string(z);
    case 'l': return below(z, 3) ? below(z, 300) : PICK(z, lengths);
    case 'o': return below(z, 3) ? below(z, 20000) : PICK(z, lengths);
    case 'n': return random_flags(z);
    case 'i': return random_integer(z);
    case 'u': return next(z) >> below(z, 64);
    case 't': return interval(z);
    case 'v': return vectors(z);
    case 'P': return random_process(z);
    case 'g': return random_signal(z);
    case 'a': return page(z);
    case 'z': return page_count(z);
    case 'm': return below(z, 10) ? below(z, 8) : random_flags(z);
    case 'x': return (below(z, 2) ? 0x22 : 0x21) | (below(z, 3) ? 0 : random_flags(z));
    case '8': return below(z, 10) ? 8 : random_integer(z);
    default: return 0;
  }
}

/* ---- calls ---- */

static int is_deadly(u64 number) {
  return number == NR_rt_sigreturn || number == NR_execve || number == NR_execveat
      || number == NR_exit || number == NR_exit_group;
}

static int is_fork(u64 number) {
  return number == NR_clone || number == NR_fork || number == NR_vfork || number == NR_clone3;
}

/* The first process is not protected from its own children that have its rights. */
static void spare_first(struct fuzzer *z, u64 number, u64 *args) {
  static const u16 by_first[] = {62, 129, 200, 234, 297, 434, 310, 311, 302, 109, 203, 142, 144};
  for (u64 i = 0; i < sizeof by_first / 2; i++) {
    if (number == by_first[i]) {
      if ((int)args[0] == 1 || (int)args[0] == -1) args[0] = z->process;
      if ((int)args[1] == 1 && (number == 234 || number == 297)) args[1] = z->process;
    }
  }
  if (number == NR_ptrace && (int)args[1] == 1) args[1] = z->process;
  if (number == NR_fcntl) { /* who owns a file gets the signal that somebody asked for */
    if ((int)args[1] == F_SETOWN && ((int)args[2] == 1 || (int)args[2] == -1)) args[2] = z->process;
    if ((int)args[1] == F_SETOWN_EX) args[1] = F_GETOWN_EX;
  }
}

static void count(struct fuzzer *z, u64 number, i64 result) {
  struct progress *p = progress_of[z->worker];
  u64 *counter = result >= 0 || result < -4095 ? &p->successes
      : result > -136 ? &p->errors[-result] : &p->undefined;
  __atomic_fetch_add(&p->calls, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
  if (counter == &p->undefined) p->undefined_call = number << 16 | (u64)-result;
}

static void calls(struct fuzzer *z, u64 most);

/* Starts a thread or process that has a stack of its own and makes calls too. */
static void start_other(struct fuzzer *z, u64 flags) {
  u64 stack = __atomic_fetch_add(&z->shared->stacks, 1, __ATOMIC_RELAXED) % STACK_COUNT;
  struct fuzzer *other = (struct fuzzer *)(STACKS + (stack + 1) * STACK_BYTES - 256);
  *other = *z;
  other->depth++;
  other->state = next(z);
  clone_other(flags, other, &other->ignored);
}

/* Where clone_other goes in whoever is new, on the stack it was given. */
__attribute__((used)) void other_begins(struct fuzzer *z) {
  z->process = call6(NR_getpid, 0, 0, 0, 0, 0, 0);
  calls(z, 100);
  call6(NR_exit, 0, 0, 0, 0, 0, 0);
}

static void be_child(struct fuzzer *z) {
  z->depth++;
  z->process = call6(NR_getpid, 0, 0, 0, 0, 0, 0);
  calls(z, 50);
  call6(NR_exit_group, below(z, 256), 0, 0, 0, 0, 0);
}

static void fork_calls(struct fuzzer *z) {
  static const u64 flags[] = {
    0x3d0f00 /* a thread of pthread_create */, 0x4111 /* vfork */, 17 /* fork */, 0x100 | 17,
    0x10900, 0x400 | 17, 0x8000 | 17, 0x2000000 | 17, 0x50f00, 0x80000000,
  };
  if (z->depth >= DEPTH) return;
  if (below(z, 4)) {
    start_other(z, PICK(z, flags) ^ (below(z, 6) ? 0 : random_flags(z)));
  } else if (call6(below(z, 2) ? NR_fork : NR_clone, 17, 0, 0, 0, 0, 0) == 0) {
    be_child(z);
  }
}

/* Makes a call that ends or replaces the program, in a child. */
static void deadly_call(struct fuzzer *z, u64 number, u64 *args) {
  if (z->depth >= DEPTH || below(z, 4) || call6(NR_fork, 0, 0, 0, 0, 0, 0) != 0) return;
  const char *again[] = {self_path, "again", 0};
  u64 at = number == NR_execveat;
  if ((number == NR_execve || at) && below(z, 2)) {
    args[at] = (u64)self_path;
    args[at + 1] = below(z, 4) ? (u64)again : args[at + 1];
    args[at + 2] = below(z, 4) ? 0 : args[at + 2];
    args[at + 3] = 0;
  }
  count(z, number, call6(number, args[0], args[1], args[2], args[3], args[4], args[5]));
  call6(NR_exit_group, 0, 0, 0, 0, 0, 0);
}

static void map(u64 at, u64 bytes, u64 access) {
  call6(NR_mmap, at, bytes, access, 0x32, -1ul, 0);
}

/* Calls take away the memory that arguments are made in: it comes back. */
__attribute__((used)) void mend_memory(int signal) {
  static int mended;
  if (mended++ > 500) call6(NR_exit_group, signal, 0, 0, 0, 0, 0);
  map(ARENA, ARENA_BYTES, 3);
}

static void handle(u64 signal, void (*handler)(int)) {
  struct { u64 handler, flags, restorer, mask; } action = {(u64)handler, 0x04000000, (u64)restore, 0};
  call6(NR_rt_sigaction, signal, (u64)&action, 0, 8, 0, 0);
}

/* Whatever was done to signals and timers: every few milliseconds something ends what waits. */
static void keep_moving(struct fuzzer *z) {
  u64 often[] = {0, 4000, 0, 4000}, none = 0;
  call6(NR_rt_sigprocmask, 2, (u64)&none, 0, 8, 0, 0);
  handle(7, mend_memory);
  handle(11, mend_memory);
  handle(14, ignore_signal);
  handle(1 + below(z, 64), ignore_signal);
  call6(NR_setitimer, 0, (u64)often, 0, 0, 0, 0);
}

static void prepare_descriptors(void) {
  static const char *const opened[] = {
    "f", "/dev/null", "/dev/zero", "/dev/urandom", "/proc/self/maps", "/proc/self/mem", "/dev/ptmx",
  };
  u64 pair = ARENA, none = 0;
  call6(NR_close_range, 0, -1ul >> 33, 0, 0, 0, 0);
  for (int fd = 0; fd < 3; fd++) call6(NR_open, (u64)"/dev/null", 2, 0, 0, 0, 0);
  for (u64 i = 0; i < sizeof opened / sizeof *opened; i++) {
    call6(NR_open, (u64)opened[i], 02 | 0100 | 04000, 0644, 0, 0, 0);
  }
  call6(NR_open, (u64)".", 0200000, 0, 0, 0, 0);
  call6(NR_open, (u64)"d", 010000000, 0, 0, 0, 0);
  call6(NR_pipe2, pair, 04000, 0, 0, 0, 0);
  call6(NR_socketpair, 1, 1 | 04000, 0, pair, 0, 0);
  call6(NR_socketpair, 1, 2 | 04000, 0, pair, 0, 0);
  call6(NR_eventfd2, 3, 04000, 0, 0, 0, 0);
  call6(NR_timerfd_create, 1, 04000, 0, 0, 0, 0);
  call6(NR_signalfd4, -1ul, (u64)&none, 8, 04000, 0, 0);
  call6(NR_epoll_create1, 0, 0, 0, 0, 0, 0);
  call6(NR_inotify_init1, 04000, 0, 0, 0, 0, 0);
  call6(NR_memfd_create, (u64)"m", 2, 0, 0, 0, 0);
  call6(NR_pidfd_open, call6(NR_getpid, 0, 0, 0, 0, 0, 0), 0, 0, 0, 0, 0);
}

static u64 random_number(struct fuzzer *z) {
  u64 kind = below(z, 100), number = below(z, SIGNATURES);
  if (kind < 4) return next(z);
  if (kind < 6) return number | 0x40000000;
  while (kind < 90 && !signatures[number]) number = below(z, SIGNATURES);
  const char *signature = signatures[number];
  if (signature && signature[0] == 'W' && below(z, 20)) return random_number(z); /* these wait */
  return number;
}

static void one_call(struct fuzzer *z) {
  u64 number = random_number(z), args[6];
  const char *kinds = number < SIGNATURES ? signatures[number] : 0;
  if (kinds && kinds[0] == 'W') kinds++;
  for (int i = 0; i < 6; i++) {
    args[i] = argument(z, kinds && *kinds ? *kinds++ : "fpsloniutPgaz"[below(z, 13)]);
  }
  number = below(z, 50) ? number : number | next(z) << 32;
  u32 low = (u32)number;
  spare_first(z, low, args);
  if (is_fork(low)) return fork_calls(z);
  struct progress *p = progress_of[z->worker];
  p->last[z->slot].number = number;
  for (int i = 0; i < 6; i++) p->last[z->slot].args[i] = args[i];
  if (is_deadly(low)) return deadly_call(z, number, args);
  count(z, number, call6(number, args[0], args[1], args[2], args[3], args[4], args[5]));
}

static void calls(struct fuzzer *z, u64 most) {
  for (u64 made = 0; made < most; made++) {
    if (made % 64 == 0) keep_moving(z);
    if (made % 512 == 511) {
      call6(NR_chdir, (u64)"/fuzz", 0, 0, 0, 0, 0);
      prepare_descriptors();
    }
    if (below(z, FORK_EVERY) == 0) fork_calls(z);
    one_call(z);
  }
}

/* ---- workers ---- */

static void prepare_files(void) {
  call6(NR_mkdir, (u64)"d", 0777, 0, 0, 0, 0);
  call6(NR_mkdir, (u64)"d/e", 0777, 0, 0, 0, 0);
  call6(NR_symlink, (u64)"f", (u64)"l", 0, 0, 0, 0);
  call6(NR_symlink, (u64)"loop", (u64)"loop", 0, 0, 0, 0);
  call6(NR_mknod, (u64)"fifo", 0010666, 0, 0, 0, 0);
}

static void adjust_out_of_memory(const char *adjustment, u64 length) {
  i64 fd = call6(NR_open, (u64)"/proc/self/oom_score_adj", 1, 0, 0, 0, 0);
  call6(1, fd, (u64)adjustment, length, 0, 0, 0);
  call6(NR_close, fd, 0, 0, 0, 0, 0);
}

static void worker(u64 seed, u64 round, int index) {
  static struct fuzzer z;
  static struct shared shared;
  z.state = mix(seed + round * WORKERS + index) | 1;
  z.worker = index;
  z.shared = &shared;
  adjust_out_of_memory("0", 1);
  /* With its rights, it could take /proc and the root away from all others. */
  call6(NR_unshare, 0x20000 /* CLONE_NEWNS */, 0, 0, 0, 0, 0);
  call6(NR_setsid, 0, 0, 0, 0, 0, 0);
  map(ARENA, ARENA_BYTES, 3);
  map(READ_ONLY, 4096, 1);
  map(PLAYGROUND, PLAYGROUND_BYTES / 2, 3);
  map(STACKS, STACK_COUNT * STACK_BYTES, 3);
  fill(&z, ARENA, 512);
  prepare_files();
  prepare_descriptors();
  for (int signal = 1; signal <= 64; signal++) handle(signal, ignore_signal);
  if (below(&z, 2)) { /* as a user without rights */
    call6(NR_setresgid, 1000, 1000, 1000, 0, 0, 0);
    call6(NR_setresuid, 1000, 1000, 1000, 0, 0, 0);
  }
  z.process = call6(NR_getpid, 0, 0, 0, 0, 0, 0);
  if (below(&z, 3) == 0) {
    for (int i = 1; i <= THREADS; i++) {
      z.slot = i;
      start_other(&z, 0x50f00);
    }
    z.slot = 0;
  }
  calls(&z, CALLS_A_WORKER);
  call6(NR_exit_group, 0, 0, 0, 0, 0, 0);
}

/* ---- the first process ---- */

static void sleep_ms(u64 ms) {
  u64 time[] = {ms / 1000, ms % 1000 * 1000000};
  call6(NR_nanosleep, (u64)time, 0, 0, 0, 0, 0);
}

static int is_child_left(void) {
  i64 pid;
  while ((pid = call6(NR_wait4, -1ul, 0, 0x40000001 /* WNOHANG, __WALL */, 0, 0, 0)) > 0) {}
  return pid == 0;
}

static void show_last(int index) {
  for (int slot = 0; slot <= THREADS; slot++) {
    u64 *words = &progress_of[index]->last[slot].number;
    say("  worker ", index, " thread ", slot, ":");
    for (int i = 0; i < 7; i++) {
      write_text(" ");
      write_number(words[i], 16);
    }
    write_text("\n");
  }
}

static u64 calls_now(void) {
  u64 sum = 0;
  for (int i = 0; i < WORKERS; i++) sum += progress_of[i]->calls;
  return sum;
}

/* Kills whoever is left and waits for each: what can't be killed hangs in the sentry. */
static void end_round(u64 round) {
  for (int waited = 0; call6(NR_kill, -1ul, 9, 0, 0, 0, 0) == 0 || is_child_left(); waited++) {
    if (!is_child_left()) return;
    if (waited == 6000) {
      say("a process can't be killed in round ", round, "\n", -1, 0);
      for (int i = 0; i < WORKERS; i++) show_last(i);
      call6(NR_exit_group, 3, 0, 0, 0, 0, 0);
    }
    sleep_ms(waited < 10 ? 1 : 10);
  }
}

static u64 run_round(u64 seed, u64 round) {
  for (int i = 0; i < WORKERS; i++) {
    progress_of[i]->calls = 0;
    if (call6(NR_fork, 0, 0, 0, 0, 0, 0) == 0) worker(seed, round, i);
  }
  u64 before = 0;
  for (int still = 0; is_child_left() && still < 40;) {
    sleep_ms(5);
    u64 now = calls_now();
    still = now == before ? still + 1 : 0;
    before = now;
  }
  end_round(round);
  return calls_now();
}

static u64 free_memory(void) {
  u64 info[16];
  call6(NR_sysinfo, (u64)info, 0, 0, 0, 0, 0);
  return info[5];
}

/* Counts entries of a directory that are numbers. */
static int numbers_in(const char *directory) {
  static char entries[4096];
  i64 fd = call6(NR_open, (u64)directory, 0200000, 0, 0, 0, 0), length;
  int found = 0;
  while ((length = call6(NR_getdents64, fd, (u64)entries, sizeof entries, 0, 0, 0)) > 0) {
    for (i64 at = 0; at < length; at += *(u16 *)(entries + at + 16)) {
      found += entries[at + 19] >= '0' && entries[at + 19] <= '9';
    }
  }
  call6(NR_close, fd, 0, 0, 0, 0, 0);
  return found;
}

static void enter_scratch(void) {
  call6(NR_mkdir, (u64)"/fuzz", 0777, 0, 0, 0, 0);
  call6(NR_mount, (u64)"none", (u64)"/fuzz", (u64)"tmpfs", 0, (u64)"size=16m,mode=777", 0);
  call6(NR_chdir, (u64)"/fuzz", 0, 0, 0, 0, 0);
}

static void leave_scratch(void) {
  call6(NR_chdir, (u64)"/", 0, 0, 0, 0, 0);
  while (call6(NR_umount2, (u64)"/fuzz", 2, 0, 0, 0, 0) == 0) {}
}

int begin(int argc, const char **argv) {
  self_path = argv[0];
  if (argc < 3) { /* executed by a worker */
    static struct fuzzer z;
    static struct shared shared;
    static struct progress unseen;
    progress_of[0] = &unseen;
    z.state = 4711;
    z.shared = &shared;
    z.depth = DEPTH;
    map(ARENA, ARENA_BYTES, 3);
    calls(&z, 50);
    return 0;
  }
  u64 seed = number(argv[1]), wanted = number(argv[2]), total = 0, round = 0;
  for (int i = 0; i < WORKERS; i++) {
    progress_of[i] = (void *)call6(NR_mmap, 0, sizeof **progress_of, 3, 0x21, -1ul, 0);
  }
  if (argc > 3) round = number(argv[3]);
  adjust_out_of_memory("-1000", 5);
  say("seed ", seed, "\n", -1, 0);
  u64 free_before = free_memory();
  do {
    enter_scratch();
    u64 made = run_round(seed, round);
    leave_scratch();
    if (argc > 4) say("round ", round, " calls ", made, "\n");
    if (argc > 3) {
      for (int i = 0; i < WORKERS; i++) show_last(i);
    }
    total += made;
    round++;
  } while (total < wanted && argc <= 4);
  u64 successes = 0, kinds = 0, undefined = 0;
  for (int error = 1; error < 136; error++) {
    int seen = 0;
    for (int i = 0; i < WORKERS; i++) seen |= progress_of[i]->errors[error] != 0;
    kinds += seen;
  }
  for (int i = 0; i < WORKERS; i++) {
    successes += progress_of[i]->successes;
    undefined += progress_of[i]->undefined;
    if (progress_of[i]->undefined) {
      say("call ", progress_of[i]->undefined_call >> 16, " gave ", progress_of[i]->undefined_call & 0xffff, "\n");
    }
  }
  u64 free_after = free_memory();
  say("calls ", total, " rounds ", round, "\n");
  say("successes ", successes, " errnos ", kinds, "\n");
  say("undefined errnos ", undefined, "\n", -1, 0);
  say("processes ", numbers_in("/proc"), " descriptors ", numbers_in("/proc/self/fd"), "\n");
  say("kilobytes lost ", free_before > free_after ? (free_before - free_after) / 1024 : 0, "\n", -1, 0);
  return 0;
}
