#include "timing.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCHES = 7 };
static const double WARM_UP = 150e6, BATCH = 30e6; // nanoseconds

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static double batch(operation run, long count) {
  double start = now();
  run(count);
  return now() - start;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double nanoseconds_each(operation run) {
  // A JVM compiles what runs often: the warm-up is not only for caches.
  long count = 1;
  double spent = 0, last = 0;
  while (spent < WARM_UP || (last < BATCH && spent < 4 * WARM_UP)) {
    last = batch(run, count);
    spent += last;
    if (last < BATCH / 2) count *= 2;
  }
  double each[BATCHES];
  for (int i = 0; i < BATCHES; i++) each[i] = batch(run, count) / count;
  qsort(each, BATCHES, sizeof each[0], ascending);
  return each[BATCHES / 2];
}

long check(long result, const char *what) {
  if (result < 0) {
    perror(what);
    exit(1);
  }
  return result;
}
