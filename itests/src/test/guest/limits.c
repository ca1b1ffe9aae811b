/*
 * Runs into one limit after another. Each test prints what happened and ends well, or says what went wrong.
 *   limits NAME...
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REQUIRE(condition) \
  do { if (!(condition)) { printf("line %d: %s: %s\n", __LINE__, #condition, strerror(errno)); exit(1); } } while (0)


static void threads(void) {
  enum { MOST = 5000 };
  static pthread_t made[MOST];
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_attr_t small;
  int count = 0, error = 0;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 16384);
  pthread_mutex_lock(&lock);
  void *wait_for(void *unused) {
    (void)unused;
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return 0;
  }
  while (count < MOST && !(error = pthread_create(&made[count], &small, wait_for, 0))) count++;
  REQUIRE(error == EAGAIN);
  REQUIRE(fork() == -1 && errno == EAGAIN);
  pthread_mutex_unlock(&lock);
  for (int i = 0; i < count; i++) pthread_join(made[i], 0);
  printf("%d threads\n", count);
  pid_t child = fork();
  if (child == 0) _exit(0);
  REQUIRE(waitpid(child, 0, 0) == child);
}

static void processes(void) {
  int count = 0;
  pid_t child;
  while ((child = fork()) > 0) count++;
  if (child == 0) {
    pause();
    _exit(0);
  }
  REQUIRE(errno == EAGAIN);
  signal(SIGTERM, SIG_IGN);
  kill(0, SIGTERM);
  for (int i = 0; i < count; i++) kill(-1, SIGKILL), wait(0);
  REQUIRE(wait(0) == -1 && errno == ECHILD);
  printf("%d processes\n", count);
}

static void memory(void) {
  /* A system call gets ENOMEM or a short count; touching pages gets the toucher killed. */
  int file = memfd_create("m", 0);
  char *block = malloc(1 << 20);
  memset(block, 1, 1 << 20);
  long megabytes = 0, count;
  while ((count = write(file, block, 1 << 20)) == 1 << 20) megabytes++;
  REQUIRE(count > 0 || errno == ENOMEM || errno == ENOSPC);
  close(file);
  pid_t child = fork();
  if (child == 0) {
    for (;;) {
      char *more = mmap(0, 1 << 20, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (more != MAP_FAILED) memset(more, 1, 1 << 20);
    }
  }
  int status;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  REQUIRE(mmap(0, 1l << 46, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED || errno == ENOMEM);
  printf("%s\n", megabytes > 30 ? "memory" : "little memory");
}

static void descriptors(void) {
  struct rlimit limit;
  int count = 0, fd, pair[2];
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = 3000;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  while ((fd = open("/dev/null", O_RDONLY)) >= 0) count++;
  REQUIRE(errno == EMFILE && count == 2997);
  REQUIRE(pipe(pair) == -1 && errno == EMFILE);
  REQUIRE(dup2(0, 3000) == -1 && errno == EBADF);
  close(2999);
  REQUIRE(pipe(pair) == -1 && errno == EMFILE);
  REQUIRE(open("/dev/null", O_RDONLY) == 2999);
  for (fd = 3; fd < 3000; fd++) close(fd);
  printf("%d descriptors\n", count);
}

static void pipes(void) {
  struct rlimit limit = {4096, 4096};
  int pair[2], count = 0;
  char block[65536];
  memset(block, 1, sizeof block);
  setrlimit(RLIMIT_NOFILE, &limit);
  while (pipe2(pair, O_NONBLOCK) == 0) {
    fcntl(pair[1], F_SETPIPE_SZ, 1 << 20);
    while (write(pair[1], block, sizeof block) > 0) {}
    REQUIRE(errno == EAGAIN || errno == ENOMEM);
    count++;
  }
  REQUIRE(errno == EMFILE || errno == ENFILE);
  REQUIRE(fcntl(pair[1], F_SETPIPE_SZ, 1 << 30) == -1);
  for (int fd = 3; fd < 4096; fd++) close(fd);
  REQUIRE(pipe(pair) == 0 && write(pair[1], block, 1000) == 1000 && read(pair[0], block, 2000) == 1000);
  printf("%d pipes\n", count);
}

static void directories(void) {
  int depth = 0;
  char name[300];
  memset(name, 'n', sizeof name);
  name[255] = 0;
  REQUIRE(mkdir("deep", 0777) == 0 && chdir("deep") == 0);
  for (; depth < 3000; depth++) REQUIRE(mkdir(name, 0777) == 0 && chdir(name) == 0);
  errno = 0;
  char *where = malloc(2000000);
  REQUIRE(getcwd(where, 2000000) == 0 ? errno == ENAMETOOLONG : strlen(where) > 700000);
  for (; depth > 0; depth--) REQUIRE(chdir("..") == 0 && rmdir(name) == 0);
  name[255] = 'n', name[256] = 0;
  REQUIRE(mkdir(name, 0777) == -1 && errno == ENAMETOOLONG);
  REQUIRE(chdir("..") == 0 && rmdir("deep") == 0);
  printf("directories\n");
}

static void arguments(void) {
  enum { COUNT = 200000 };
  char **many = malloc((COUNT + 1) * sizeof *many), *large = malloc(1 << 20);
  memset(large, 'a', (1 << 20) - 1);
  for (int i = 0; i < COUNT; i++) many[i] = "argument of some length, so that all are too long";
  many[COUNT] = 0;
  REQUIRE(execv("/bin/true", many) == -1 && errno == E2BIG);
  char *one[] = {"true", large, 0};
  REQUIRE(execv("/bin/true", one) == -1 && errno == E2BIG);
  char **endless = mmap(0, 1 << 20, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < (1 << 20) / 8; i++) endless[i] = large + (1 << 20) - 2;
  munmap(endless + (1 << 19) / 8, 1 << 19);
  REQUIRE(execv("/bin/true", endless) == -1 && errno == EFAULT);
  char *unending = mmap(0, 8192, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(unending, 'x', 4096);
  munmap(unending + 4096, 4096);
  REQUIRE(open(unending + 4000, O_RDONLY) == -1 && errno == EFAULT);
  REQUIRE(open(unending, O_RDONLY) == -1 && errno == ENAMETOOLONG);
  printf("arguments\n");
}

static void mounts(void) {
  int made = 0;
  mkdir("m", 0777);
  REQUIRE(mount("none", "m", "tmpfs", 0, "size=1m") == 0);
  mkdir("m/a", 0777);
  while (made < 25 && mount("m", "m/a", 0, MS_BIND | MS_REC, 0) == 0) made++;
  REQUIRE(made == 25 || errno == ENOSPC);
  while (umount2("m", MNT_DETACH) == 0) {}
  REQUIRE(rmdir("m") == 0);
  printf("mounts\n");
}

static void mappings(void) {
  /* What was mapped and removed is free again: all of it together is more than there is. */
  enum { LENGTH = 8 << 20 };
  for (int i = 0; i < 40; i++) {
    int fd = open("mapped", O_RDWR | O_CREAT | O_EXCL, 0600);
    REQUIRE(fd >= 0 && ftruncate(fd, LENGTH) == 0);
    char *at = mmap(0, LENGTH, 3, MAP_SHARED, fd, 0);
    REQUIRE(at != MAP_FAILED);
    memset(at, 1, LENGTH);
    REQUIRE(close(fd) == 0 && unlink("mapped") == 0 && munmap(at, LENGTH) == 0);
  }
  printf("mappings\n");
}

static void timers(void) {
  enum { COUNT = 20000 };
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
  struct itimerspec often = {{0, 1000000}, {0, 1000000}};
  int count = 0, fds = 0;
  signal(SIGRTMIN, SIG_IGN);
  while (count < COUNT && timer_create(CLOCK_MONOTONIC, &event, &timer) == 0) {
    REQUIRE(timer_settime(timer, 0, &often, 0) == 0);
    count++;
  }
  REQUIRE(count == COUNT || errno == EAGAIN);
  for (int fd; fds < 500 && (fd = timerfd_create(CLOCK_MONOTONIC, 0)) >= 0; fds++) {
    REQUIRE(timerfd_settime(fd, 0, &often, 0) == 0);
  }
  usleep(100000);
  printf("timers\n");
}

int main(int argc, char **argv) {
  static const struct { const char *name; void (*run)(void); } all[] = {
    {"threads", threads}, {"processes", processes}, {"memory", memory}, {"descriptors", descriptors},
    {"pipes", pipes}, {"directories", directories}, {"arguments", arguments}, {"mounts", mounts},
    {"mappings", mappings}, {"timers", timers},
  };
  setvbuf(stdout, 0, _IOLBF, 0);
  for (int i = 1; i < argc; i++) {
    for (unsigned j = 0; j < sizeof all / sizeof *all; j++) {
      if (strcmp(argv[i], all[j].name) == 0) all[j].run();
    }
  }
  return 0;
}
