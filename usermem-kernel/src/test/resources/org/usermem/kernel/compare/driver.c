/* Executes the lines of a copy script by the real kernel's system calls; see CopyScripts.java. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define BASE 0x10000000000ul
#define IOVECS 0x20000000000ul
#define PAGES 12
#define FILES 8

static char prot[PAGES];
static int fds[FILES];

static uint8_t pattern(long seed, long index) { return (uint8_t)(seed * 131 + index * 7 + (index >> 8)); }

static uint32_t crc(uint32_t sum, const uint8_t *bytes, long count) {
  static uint32_t table[256];
  for (uint32_t i = 1; !table[255] && i < 256; i++) {
    uint32_t entry = i;
    for (int bit = 0; bit < 8; bit++) entry = (entry >> 1) ^ (0xedb88320u & -(entry & 1));
    table[i] = entry;
  }
  sum = ~sum;
  for (long i = 0; i < count; i++) sum = table[(sum ^ bytes[i]) & 0xff] ^ (sum >> 8);
  return ~sum;
}

static void print_memory(void) {
  for (int i = 0; i < PAGES; i++) {
    if (prot[i] == 'w' || prot[i] == 'r')
      printf(" %08x", crc(0, (uint8_t *)BASE + i * 4096l, 4096));
    else
      printf(" -");
  }
}

static void map_page(int i, char how, long seed) {
  uint8_t *page = (uint8_t *)BASE + i * 4096l;
  mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  for (long k = 0; k < 4096; k++) page[k] = pattern(seed, k);
  mprotect(page, 4096, how == 'w' ? PROT_READ | PROT_WRITE : how == 'r' ? PROT_READ : PROT_NONE);
  prot[i] = how;
}

static void reset(void) {
  munmap((void *)BASE, PAGES * 4096l);
  memset(prot, '-', PAGES);
  for (int i = 0; i < FILES; i++) {
    if (fds[i] >= 0) close(fds[i]);
    fds[i] = -1;
  }
}

static void open_file(int k, int flags, long length, long seed) {
  char path[4096];
  /* Always on tmpfs: other file systems have habits of their own, such as growing on a failed write. */
  snprintf(path, sizeof path, "/dev/shm/usermem-compare-%d", getpid());
  int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  uint8_t *bytes = malloc(length + 1);
  for (long i = 0; i < length; i++) bytes[i] = pattern(seed, i);
  if (write(fd, bytes, length) != length) abort();
  free(bytes);
  fds[k] = open(path, flags);
  close(fd);
  unlink(path);
}

static int fd_of(long k) { return k >= 0 && k < FILES ? fds[k] : -1; }

/* Reads a count and that many pairs of address and length into the area of iovecs. */
static long read_iovecs(char *rest) {
  struct iovec *iovecs = (struct iovec *)IOVECS;
  char *at = rest;
  long count = strtol(at, &at, 0);
  for (long i = 0; i < count && i < 1024; i++) {
    iovecs[i].iov_base = (void *)strtoul(at, &at, 0);
    iovecs[i].iov_len = strtoul(at, &at, 0);
  }
  return count;
}

static void print_result(long result, long k) {
  printf("%ld", result < 0 ? -(long)errno : result);
  int fd = fd_of(k);
  long position = fd < 0 ? -1 : lseek(fd, 0, SEEK_CUR);
  printf(" @%ld", position < 0 ? -1 : position);
  print_memory();
  printf("\n");
}

int main(void) {
  static char line[1 << 16];
  memset(fds, -1, sizeof fds);
  mmap((void *)IOVECS, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  while (fgets(line, sizeof line, stdin)) {
    char op[16];
    int used = 0;
    sscanf(line, "%15s%n", op, &used);
    char *rest = line + used;
    if (!strcmp(op, "reset")) {
      reset();
    } else if (!strcmp(op, "map")) {
      int page;
      char how;
      long seed;
      sscanf(rest, "%d %c %ld", &page, &how, &seed);
      map_page(page, how, seed);
    } else if (!strcmp(op, "open")) {
      int k, flags;
      char kind;
      long length, seed;
      sscanf(rest, "%d %c %i %ld %ld", &k, &kind, &flags, &length, &seed);
      open_file(k, flags, length, seed);
    } else if (!strcmp(op, "pipe")) {
      int k, flags;
      sscanf(rest, "%d %i", &k, &flags);
      if (pipe2(fds + k, flags | O_NONBLOCK)) abort();
    } else if (!strcmp(op, "poke")) {
      char *at = rest;
      uint64_t *where = (uint64_t *)strtoul(at, &at, 0);
      *where = strtoul(at, &at, 0);
    } else {
      char *at = rest;
      long k = strtol(at, &at, 0);
      int fd = fd_of(k);
      long result;
      struct stat before, after;
      int regular = fstat(fd, &before) == 0 && S_ISREG(before.st_mode);
      errno = 0;
      if (!strcmp(op, "read") || !strcmp(op, "write")) {
        unsigned long addr = strtoul(at, &at, 0), length = strtoul(at, &at, 0);
        result = syscall(op[0] == 'r' ? SYS_read : SYS_write, fd, addr, length);
      } else if (!strcmp(op, "pread") || !strcmp(op, "pwrite")) {
        unsigned long addr = strtoul(at, &at, 0), length = strtoul(at, &at, 0);
        long offset = strtol(at, &at, 0);
        result = syscall(op[1] == 'r' ? SYS_pread64 : SYS_pwrite64, fd, addr, length, offset);
      } else if (!strcmp(op, "readv") || !strcmp(op, "writev")) {
        long count = read_iovecs(at);
        result = syscall(op[0] == 'r' ? SYS_readv : SYS_writev, fd, IOVECS, count);
      } else if (!strcmp(op, "preadv") || !strcmp(op, "pwritev")) {
        long offset = strtol(at, &at, 0);
        long count = read_iovecs(at);
        result = syscall(op[1] == 'r' ? SYS_preadv : SYS_pwritev, fd, IOVECS, count, offset, 0l);
      } else if (!strcmp(op, "readvat") || !strcmp(op, "writevat")) {
        unsigned long addr = strtoul(at, &at, 0);
        long count = strtol(at, &at, 0);
        result = syscall(op[0] == 'r' ? SYS_readv : SYS_writev, fd, addr, count);
      } else if (!strcmp(op, "lseek")) {
        long offset = strtol(at, &at, 0), whence = strtol(at, &at, 0);
        result = syscall(SYS_lseek, fd, offset, whence);
      } else {
        fprintf(stderr, "unknown operation %s\n", op);
        return 2;
      }
      int error = errno;
      if (result < 0 && regular && fstat(fd, &after) == 0 && after.st_size > before.st_size) {
        /* Since 6.16 a write that copies nothing grows the file up to its offset all the same. */
        if (ftruncate(fd, before.st_size)) abort();
      }
      errno = error;
      print_result(result, k);
    }
  }
  return 0;
}
