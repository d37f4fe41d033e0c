// What must happen in signal handlers, where only async-signal-safe C may run.
#ifndef CTERMINAL_H
#define CTERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bit of ct_take() for ct_ring(); bit n is signal n.
#define CT_WAKE UINT64_C(1)

// Catches the signals of a terminal program and makes the doorbell: a descriptor that can be read
// when something happened. Returns it, or -1. One terminal at a time.
int ct_open(void);

// Gives the signals back to whoever had them before ct_open().
void ct_close(void);

// Rings the doorbell; any thread, any time.
void ct_ring(void);

// What happened since the last call, and silences the doorbell.
uint64_t ct_take(void);

// Remembers the modes of the terminal at `fd`, for ct_restore(). False if it is no terminal.
bool ct_remember(int fd);

// What gives a terminal back. Descriptors that are not needed are -1.
typedef struct {
  int terminal;      // gets `bytes` and the remembered modes
  int out, err;      // become descriptors 1 and 2 again
  int captured;      // whatever is left to read from it is written to descriptor 2
  const char *bytes; // leaves the screen, shows the cursor, ...
  const char *note;  // is written to descriptor 2 if the program crashed
} ct_way_back;

// From now on a crash or an exit first does what `way` says.
void ct_arm(const ct_way_back *way);

// Remembers what was read from `captured`, because the reason of a crash may be among it: the end
// of it is written to descriptor 2 if the program crashes.
void ct_keep(const uint8_t *bytes, size_t count);

// Does it at once, if that is armed; then it no longer is.
void ct_restore(void);

// Whether a crash has given the terminal back: nothing may be drawn any more.
bool ct_crashed(void);

// Stops the process as Ctrl-Z does, and returns when it goes on.
void ct_stop(void);

// Makes a pipe whose ends (0 to read, 1 to write) never wait and are closed in child processes.
bool ct_pipe(int ends[2]);

// Sets the size of the terminal at `fd`, or leaves it where it is not known.
void ct_size(int fd, int *columns, int *rows);

#endif
