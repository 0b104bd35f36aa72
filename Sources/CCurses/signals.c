#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "ccurses.h"
#include "restore.h"

// Handlers only write a byte to a pipe or restore the terminal: both allowed in a handler.

static int pipe_ends[2] = {-1, -1};

int cc_signal_descriptor(void) {
  if (pipe_ends[0] < 0) {
    if (pipe(pipe_ends) != 0) return -1;
    for (int i = 0; i < 2; i++) {
      fcntl(pipe_ends[i], F_SETFL, O_NONBLOCK);
      fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC);
    }
  }
  return pipe_ends[0];
}

static void pass_on(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  ssize_t ignored = write(pipe_ends[1], &byte, 1);
  (void)ignored;
  errno = saved;
}

void cc_on_signal(int number, int disposition) {
  struct sigaction action = {0};
  switch (disposition) {
    case CC_CATCH: action.sa_handler = pass_on; break;
    case CC_IGNORE: action.sa_handler = SIG_IGN; break;
    default: action.sa_handler = SIG_DFL; break;
  }
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

// ---------------------------------------------------------------------------------------------
// Faults

static struct termios found;
static volatile sig_atomic_t is_ours;
static volatile sig_atomic_t is_alternate;
static volatile sig_atomic_t is_dying;

bool cc_may_draw(void) { return !is_dying; }

void cc_note_screen(bool is_alternate_now) { is_alternate = is_alternate_now; }

bool cc_is_on_alternate_screen(void) { return is_alternate; }

void cc_remember_terminal(void) {
  if (tcgetattr(STDIN_FILENO, &found) == 0) is_ours = 1;
}

void cc_forget_terminal(void) { is_ours = 0; }

static int errors_meant = -1, errors_kept = -1;
static off_t errors_told;

void cc_keep_errors(void) {
  if (errors_meant >= 0 || !isatty(STDERR_FILENO)) return;
  if (errors_kept < 0) {
    FILE *file = tmpfile();
    if (file == NULL) return;
    errors_kept = fileno(file);
    fcntl(errors_kept, F_SETFD, FD_CLOEXEC);
  }
  errors_meant = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (errors_meant >= 0) dup2(errors_kept, STDERR_FILENO);
}

void cc_tell_errors(void) {
  if (errors_meant < 0) return;
  dup2(errors_meant, STDERR_FILENO);
  close(errors_meant);
  errors_meant = -1;
  char text[1024];
  ssize_t count;
  while ((count = pread(errors_kept, text, sizeof text, errors_told)) > 0) {
    errors_told += count;
    for (ssize_t at = 0, done = 0; at < count; at += done) {
      done = write(STDERR_FILENO, text + at, (size_t)(count - at));
      if (done <= 0) return;
    }
  }
}

enum { FAULTS = 6 };
static const int faults[FAULTS] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
static struct sigaction before[FAULTS];

// Paste and mouse modes off, keypad off, attributes off, cursor on. Fixed bytes, because terminfo
// may not be asked inside a handler.
static const char restoring[] =
    "\033[?2004l\033[?1006l\033[?1000l\033[?1l\033>\033[0m\033[?25h\r\n";
static const char leaving[] = "\033[?1049l\r\n";

static void restore(const char *bytes, size_t count) {
  ssize_t ignored = write(STDOUT_FILENO, bytes, count);
  (void)ignored;
}

static void restore_and_die(int number) {
  is_dying = 1;
  if (is_ours) {
    is_ours = 0;
    restore(restoring, sizeof restoring - 1);
    if (is_alternate) restore(leaving, sizeof leaving - 1);
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
  }
  cc_tell_errors();
  for (int i = 0; i < FAULTS; i++)
    if (faults[i] == number) sigaction(number, &before[i], NULL);
  raise(number);
}

void cc_guard_faults(void) {
  struct sigaction action = {0};
  action.sa_handler = restore_and_die;
  action.sa_flags = SA_NODEFER;
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < FAULTS; i++) sigaction(faults[i], &action, &before[i]);
}
