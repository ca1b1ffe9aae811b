/* What the fuzzer needs from a machine: calls, random numbers, text, without a C library. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long i64;

enum {
  NR_open = 2, NR_close = 3, NR_mmap = 9, NR_rt_sigaction = 13, NR_rt_sigprocmask = 14,
  NR_rt_sigreturn = 15, NR_nanosleep = 35, NR_setitimer = 38, NR_getpid = 39,
  NR_socketpair = 53, NR_clone = 56, NR_fork = 57, NR_vfork = 58, NR_execve = 59, NR_exit = 60,
  NR_wait4 = 61, NR_kill = 62, NR_fcntl = 72, NR_chdir = 80, NR_mkdir = 83, NR_symlink = 88, NR_sysinfo = 99,
  NR_ptrace = 101, NR_setsid = 112, NR_setresuid = 117, NR_setresgid = 119, NR_mknod = 133,
  NR_mount = 165, NR_umount2 = 166, NR_getdents64 = 217, NR_exit_group = 231, NR_unshare = 272,
  NR_timerfd_create = 283, NR_signalfd4 = 289, NR_eventfd2 = 290, NR_epoll_create1 = 291,
  NR_pipe2 = 293, NR_inotify_init1 = 294, NR_memfd_create = 319, NR_execveat = 322,
  NR_pidfd_open = 434, NR_clone3 = 435, NR_close_range = 436,
};

#define AT_FDCWD (-100ul)
#define F_SETOWN 8
#define F_SETOWN_EX 15
#define F_GETOWN_EX 16
#define ARENA 0x10000000ul /* what arguments point to; the page after it is not there */
#define ARENA_BYTES 0x20000ul
#define READ_ONLY 0x11000000ul
#define HOLE 0x12000000ul
#define PLAYGROUND 0x20000000ul /* what calls map and unmap */
#define PLAYGROUND_BYTES 0x1000000ul
#define STACKS 0x30000000ul
#define STACK_BYTES 0x8000ul
#define STACK_COUNT 32

struct shared { u64 stacks; };

/* One thread of the fuzzer. */
struct fuzzer {
  u64 state;
  u64 process;
  struct shared *shared;
  int worker, slot, depth, ignored;
};

static inline i64 call6(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
  register u64 r10 __asm__("r10") = d;
  register u64 r8 __asm__("r8") = e;
  register u64 r9 __asm__("r9") = f;
  i64 result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

/* clone(2); the new thread calls other_begins(z) on its stack, which ends at z. */
i64 clone_other(u64 flags, struct fuzzer *z, int *tid);
void ignore_signal(int signal);
void restore(void);

__asm__(
    ".globl _start\n_start:\n"
    "  xor %ebp, %ebp\n  mov (%rsp), %edi\n  lea 8(%rsp), %rsi\n  and $-16, %rsp\n"
    "  call begin\n  mov %eax, %edi\n  mov $231, %eax\n  syscall\n"
    ".globl clone_other\nclone_other:\n"
    "  push %rbx\n  mov %rsi, %rbx\n  lea -64(%rsi), %rsi\n  mov %rdx, %r10\n  xor %r8d, %r8d\n"
    "  mov $56, %eax\n  syscall\n  test %rax, %rax\n  jz 1f\n  pop %rbx\n  ret\n"
    "1:and $-16, %rsp\n  mov %rbx, %rdi\n  call other_begins\n  ud2\n"
    ".globl ignore_signal\nignore_signal:\n  ret\n"
    ".globl restore\nrestore:\n  mov $15, %eax\n  syscall\n  ud2\n");

static u64 mix(u64 seed) { /* splitmix64 */
  seed += 0x9e3779b97f4a7c15;
  seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9;
  seed = (seed ^ seed >> 27) * 0x94d049bb133111eb;
  return seed ^ seed >> 31;
}

static u64 next(struct fuzzer *z) { return mix(z->state += 0x9e3779b97f4a7c15); }

static u64 below(struct fuzzer *z, u64 limit) { return limit ? next(z) % limit : 0; }

#define PICK(z, table) ((table)[below(z, sizeof(table) / sizeof *(table))])

static u64 number(const char *digits) {
  u64 value = 0;
  while (*digits >= '0' && *digits <= '9') value = value * 10 + *digits++ - '0';
  return value;
}

static void write_text(const char *text) {
  u64 length = 0;
  while (text[length]) length++;
  call6(1, 1, (u64)text, length, 0, 0, 0);
}

static void write_number(u64 value, u64 base) {
  char digits[24];
  int at = sizeof digits - 1;
  digits[at] = 0;
  do digits[--at] = "0123456789abcdef"[value % base]; while (value /= base);
  write_text(digits + at);
}

/* Writes up to two words, each followed by a number unless that is negative. */
static void say(const char *a, i64 n, const char *b, i64 m, const char *end) {
  write_text(a);
  if (n >= 0) write_number(n, 10);
  if (b) write_text(b);
  if (m >= 0) write_number(m, 10);
  if (end) write_text(end);
}

void *memcpy(void *to, const void *from, u64 count) {
  for (u64 i = 0; i < count; i++) ((u8 *)to)[i] = ((const u8 *)from)[i];
  return to;
}

void *memset(void *to, int value, u64 count) {
  for (u64 i = 0; i < count; i++) ((volatile u8 *)to)[i] = value;
  return to;
}
