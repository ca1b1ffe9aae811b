// Times an operation: runs it in batches of growing size until one is long enough, then several
// more, and takes the median. All of it in the guest, by its own clock.
#pragma once

#include <stdint.h>

// Does something `count` times.
typedef void (*operation)(long count);

// Returns the nanoseconds that one time takes.
double nanoseconds_each(operation run);

// Ends the process with a message if a call has failed.
long check(long result, const char *what);
