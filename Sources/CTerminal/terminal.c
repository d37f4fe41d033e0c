#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const int events[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};
static const int crashes[] = {SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE};

static struct sigaction event_before[COUNT(events)], crash_before[COUNT(crashes)];
static bool is_open;

// The doorbell may overflow and lose bytes; what happened is kept in bits, which cannot.
static int bell[2] = {-1, -1};
static _Atomic uint64_t pending;

static ct_way_back saved;
static char saved_bytes[1024], saved_note[512];
static char kept[4096];
static _Atomic size_t kept_count;
static struct termios modes;
static bool knows_modes;
static atomic_bool armed, crashed;

static char signal_stack[64 * 1024];

static void write_all(int fd, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t n = write(fd, bytes, count);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    bytes += n;
    count -= (size_t)n;
  }
}

void ct_restore(void) {
  if (!atomic_exchange(&armed, false)) return;
  write_all(saved.terminal, saved_bytes, strlen(saved_bytes));
  if (knows_modes) tcsetattr(saved.terminal, TCSANOW, &modes);
  if (saved.out >= 0) dup2(saved.out, 1);
  if (saved.err >= 0) dup2(saved.err, 2);
  if (saved.captured < 0) return;
  if (atomic_load(&crashed)) write_all(2, kept, atomic_load(&kept_count));
  char bytes[512];
  ssize_t n;
  while ((n = read(saved.captured, bytes, sizeof bytes)) > 0) write_all(2, bytes, (size_t)n);
}

static void on_crash(int number) {
  int error = errno;
  atomic_store(&crashed, true);
  bool was_armed = atomic_load(&armed);
  ct_restore();
  if (was_armed) write_all(2, saved_note, strlen(saved_note));
  // Back to whoever had it: returning runs the faulting instruction again, and raise() serves those
  // that did not come from one. A backtrace or a core dump then tells of the real place.
  for (size_t i = 0; i < COUNT(crashes); i++)
    if (crashes[i] == number) sigaction(number, &crash_before[i], NULL);
  errno = error;
  raise(number);
}

static void on_event(int number) {
  int error = errno;
  atomic_fetch_or(&pending, UINT64_C(1) << number);
  (void)!write(bell[1], "", 1);
  errno = error;
}

void ct_ring(void) {
  atomic_fetch_or(&pending, CT_WAKE);
  (void)!write(bell[1], "", 1);
}

uint64_t ct_take(void) {
  char bytes[64];
  while (read(bell[0], bytes, sizeof bytes) > 0) {
  }
  return atomic_exchange(&pending, 0);
}

static void catch_all(const int *numbers, struct sigaction *before, size_t count,
                      void (*handler)(int), int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < count; i++) {
    sigaction(numbers[i], NULL, &before[i]);
    // Ignored from the start, as by nohup: that was meant.
    bool is_meant = before[i].sa_handler == SIG_IGN;
    if (!is_meant || numbers[i] == SIGWINCH || numbers[i] == SIGCONT)
      sigaction(numbers[i], &action, NULL);
  }
}

int ct_open(void) {
  if (is_open) return -1;
  // The pipe lives as long as the process: a thread may ring when the terminal is closed already.
  if (bell[0] < 0 && !ct_pipe(bell)) return -1;
  is_open = true;
  atomic_store(&pending, 0);
  stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
  stack_t present;
  // Whoever set a stack for signals already (a backtracer, a sanitizer) keeps it.
  if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE))
    sigaltstack(&stack, NULL);
  catch_all(events, event_before, COUNT(events), on_event, SA_RESTART);
  catch_all(crashes, crash_before, COUNT(crashes), on_crash, SA_ONSTACK);
  static bool registered;
  if (!registered) registered = atexit(ct_restore) == 0;
  return bell[0];
}

void ct_close(void) {
  if (!is_open) return;
  for (size_t i = 0; i < COUNT(events); i++) sigaction(events[i], &event_before[i], NULL);
  for (size_t i = 0; i < COUNT(crashes); i++) sigaction(crashes[i], &crash_before[i], NULL);
  is_open = false;
}

bool ct_remember(int fd) {
  knows_modes = tcgetattr(fd, &modes) == 0;
  return knows_modes;
}

void ct_arm(const ct_way_back *way) {
  atomic_store(&armed, false);
  saved = *way;
  // Half a sequence would leave the terminal waiting for the rest: all of it or nothing.
  memset(saved_bytes, 0, sizeof saved_bytes);
  if (strlen(way->bytes) < sizeof saved_bytes) strcpy(saved_bytes, way->bytes);
  memset(saved_note, 0, sizeof saved_note);
  strncpy(saved_note, way->note, sizeof saved_note - 1);
  atomic_store(&armed, true);
}

void ct_keep(const uint8_t *bytes, size_t count) {
  if (count > sizeof kept) {
    bytes += count - sizeof kept;
    count = sizeof kept;
  }
  size_t before = atomic_load(&kept_count);
  size_t room = sizeof kept - count;
  size_t stays = before < room ? before : room;
  // A crash of another thread in the middle of this sees mixed text, but stays inside the buffer.
  memmove(kept, kept + before - stays, stays);
  memcpy(kept + stays, bytes, count);
  atomic_store(&kept_count, stays + count);
}

bool ct_crashed(void) { return atomic_load(&crashed); }

void ct_stop(void) {
  struct sigaction standard, ours;
  memset(&standard, 0, sizeof standard);
  standard.sa_handler = SIG_DFL;
  sigemptyset(&standard.sa_mask);
  sigaction(SIGTSTP, &standard, &ours);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
  // That it went on is known here already.
  atomic_fetch_and(&pending, ~(UINT64_C(1) << SIGCONT));
}

bool ct_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0; }

void ct_size(int fd, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return;
  if (size.ws_col > 0) *columns = size.ws_col;
  if (size.ws_row > 0) *rows = size.ws_row;
}
