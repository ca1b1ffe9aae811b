// Executes memory calls of a test on the real kernel: one process an address space.
//
// Requests come in on standard input, replies go out on standard output; a forked process opens a
// pair of named pipes instead. All numbers are 64 bits wide.
//
// Usage: driver DIRECTORY FILES BYTES   (FILES memfds of BYTES bytes each, for mappings of files)
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum operation {
  MAP, UNMAP, REMAP, PROTECT, ADVISE, SYNC, LOCK, UNLOCK, STORE, LOAD, FORK, EXIT, TRUNCATE,
  WRITE_FILE, AREA_BOUND, BREAK, LOCK_ALL, UNLOCK_ALL, RESIDENT, READ_FILE, CALL_WRITE, CALL_READ
};

struct request { uint64_t operation, a, b, c, d, e, f; };
struct reply { int64_t value, error, fault, length; };

static const char *directory;
static int in = 0, out = 1;
static int files[8];
static char payload[1 << 20];
static sigjmp_buf after_fault;
static volatile int64_t fault_kind;
static char *break_base;

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)context;
  if (number == SIGBUS) fault_kind = info->si_code == BUS_ADRERR ? 3 : 4;
  else if (info->si_code == SEGV_MAPERR) fault_kind = 1;
  else if (info->si_code == SEGV_ACCERR) fault_kind = 2;
  else fault_kind = 4;
  siglongjmp(after_fault, 1);
}

static int transfer(int is_read, int fd, void *memory, size_t length) {
  char *at = memory;
  while (length > 0) {
    ssize_t n = is_read ? read(fd, at, length) : write(fd, at, length);
    if (n == 0) return 0;
    if (n < 0) {
      if (errno == EINTR) continue;
      return 0;
    }
    at += n;
    length -= n;
  }
  return 1;
}

static unsigned char pattern(uint64_t i, uint64_t seed) {
  return (unsigned char)(i * 31 + seed * 17 + (i >> 8));
}

static volatile uint64_t done;

static int64_t store(uint64_t addr, uint64_t length, uint64_t seed) {
  done = 0;
  if (sigsetjmp(after_fault, 1) == 0) {
    for (; done < length; done++) ((volatile unsigned char *)addr)[done] = pattern(done, seed);
  }
  return done;
}

static int64_t load(uint64_t addr, uint64_t length) {
  done = 0;
  if (sigsetjmp(after_fault, 1) == 0) {
    for (; done < length; done++) payload[done] = ((volatile char *)addr)[done];
  }
  return done;
}

// Without the C library's heap, which the test moves the break of.
static int64_t area_bound(uint64_t addr, int is_end) {
  int fd = open("/proc/self/maps", O_RDONLY);
  size_t length = 0;
  ssize_t n;
  while (length < sizeof payload - 1 &&
         (n = read(fd, payload + length, sizeof payload - 1 - length)) > 0) {
    length += n;
  }
  close(fd);
  payload[length] = 0;
  for (char *line = payload; line && *line; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    char *rest;
    uint64_t start = strtoul(line, &rest, 16);
    uint64_t end = *rest == '-' ? strtoul(rest + 1, 0, 16) : 0;
    if (start <= addr && addr < end) return is_end ? end : start;
  }
  return 0;
}

static int64_t fork_space(uint64_t id) {
  char to[4096], from[4096];
  snprintf(to, sizeof to, "%s/%lu.in", directory, id);
  snprintf(from, sizeof from, "%s/%lu.out", directory, id);
  if (mkfifo(to, 0600) || mkfifo(from, 0600)) return -1;
  pid_t pid = fork();
  if (pid != 0) return pid < 0 ? -1 : 0;
  close(in);
  close(out);
  in = open(to, O_RDONLY);
  out = open(from, O_WRONLY);
  return 1;  // In the child: no reply.
}

static int64_t fill_file(struct request *r) {
  for (uint64_t i = 0; i < r->c; i++) payload[i] = pattern(i, r->d);
  return pwrite(files[r->a], payload, r->c, r->b);
}

static int64_t call_write(struct request *r, struct reply *reply) {
  int64_t file = syscall(SYS_memfd_create, "target", 0);
  int64_t n = write(file, (void *)r->a, r->b);
  int error = errno;
  if (n > 0) reply->length = pread(file, payload, n, 0);
  close(file);
  errno = error;
  return n;
}

static int64_t call_read(struct request *r) {
  for (uint64_t i = 0; i < r->b; i++) payload[i] = pattern(i, r->c);
  int64_t file = syscall(SYS_memfd_create, "source", 0);
  if (pwrite(file, payload, r->b, 0) != (ssize_t)r->b) abort();
  int64_t n = read(file, (void *)r->a, r->b);
  int error = errno;
  close(file);
  errno = error;
  return n;
}

static int64_t moved_break(uint64_t offset) {
  syscall(SYS_brk, break_base + offset);
  return (char *)syscall(SYS_brk, 0) - break_base;
}

static int64_t execute(struct request *r, struct reply *reply) {
  switch (r->operation) {
    case MAP:
      return (int64_t)mmap((void *)r->a, r->b, r->c, r->d,
                           (int64_t)r->e < 0 ? -1 : files[r->e], r->f);
    case UNMAP: return munmap((void *)r->a, r->b);
    case REMAP: return syscall(SYS_mremap, r->a, r->b, r->c, r->d, r->e);
    case PROTECT: return mprotect((void *)r->a, r->b, r->c);
    case ADVISE: return madvise((void *)r->a, r->b, r->c);
    case SYNC: return msync((void *)r->a, r->b, r->c);
    case LOCK: return syscall(SYS_mlock2, r->a, r->b, r->c);
    case UNLOCK: return munlock((void *)r->a, r->b);
    case LOCK_ALL: return mlockall(r->a);
    case UNLOCK_ALL: return munlockall();
    case STORE: return store(r->a, r->b, r->c);
    case LOAD: return reply->length = load(r->a, r->b);
    case TRUNCATE: return ftruncate(files[r->a], r->b);
    case WRITE_FILE: return fill_file(r);
    case READ_FILE: {
      int64_t n = pread(files[r->a], payload, r->c, r->b);
      reply->length = n > 0 ? n : 0;
      return n;
    }
    case AREA_BOUND: return area_bound(r->a, r->b);
    case BREAK: return moved_break(r->a);
    case RESIDENT: {
      int64_t n = mincore((void *)r->a, r->b, (unsigned char *)payload);
      if (n == 0) reply->length = (r->b + 4095) / 4096;
      return n;
    }
    case CALL_WRITE: return call_write(r, reply);
    case CALL_READ: return call_read(r);
    default: errno = ENOSYS; return -1;
  }
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  directory = argv[1];
  for (int i = 0; i < atoi(argv[2]); i++) {
    files[i] = syscall(SYS_memfd_create, "file", 0);
    if (ftruncate(files[i], atol(argv[3]))) return 2;
  }
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, 0);
  sigaction(SIGBUS, &action, 0);
  signal(SIGCHLD, SIG_IGN);
  break_base = (char *)(((uint64_t)syscall(SYS_brk, 0) + 4095) & ~4095UL);
  syscall(SYS_brk, break_base);
  struct request r;
  while (transfer(1, in, &r, sizeof r)) {
    struct reply reply = {0};
    if (r.operation == EXIT) break;
    fault_kind = 0;
    errno = 0;
    if (r.operation == FORK) {
      reply.value = fork_space(r.a);
      if (reply.value > 0) continue;
    } else {
      reply.value = execute(&r, &reply);
    }
    reply.error = reply.value == -1 ? errno : 0;
    reply.fault = fault_kind;
    if (!transfer(0, out, &reply, sizeof reply)) break;
    if (reply.length > 0 && !transfer(0, out, payload, reply.length)) break;
  }
  _exit(0);
}
