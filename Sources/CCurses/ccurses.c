#define _XOPEN_SOURCE 700
#define _XOPEN_SOURCE_EXTENDED 1
#define _DEFAULT_SOURCE 1
#define NCURSES_WIDECHAR 1

#include "ccurses.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include "restore.h"

// Codes of our own for sequences terminfo has no name for; above all of curses' own.
enum { KEY_PASTE_BEGINS = 0x2000, KEY_PASTE_ENDS, KEY_WORD_LEFT, KEY_WORD_RIGHT, KEY_POINTER };

static SCREEN *screen;
static bool is_open;
static bool has_colours;
// Curses draws nothing.
static bool is_for_writing;
static bool reports_mouse;
// What keys are read through: a pad is never drawn by the way, as the standard screen would be.
static WINDOW *keys_window;

static void write_all(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

// Curses keeps back what it is given until it draws, and it may never draw.
static void say(const char *order) {
  if (is_for_writing) {
    write_all(order, strlen(order));
  } else {
    putp(order);
    fflush(stdout);
  }
}

// Pasted text comes between ESC[200~ and ESC[201~ (xterm, "bracketed paste mode").
static void set_paste_mode(bool on) {
  say(on ? "\033[?2004h" : "\033[?2004l");
}

static void set_mouse_mode(bool on) {
  say(on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l");
}

void cc_mouse(bool on) {
  if (is_open && on != reports_mouse) set_mouse_mode(on);
  reports_mouse = on;
}

static void define_keys(void) {
  static const struct {
    const char *sequence;
    int code;
  } keys[] = {
      {"\033[200~", KEY_PASTE_BEGINS}, {"\033[201~", KEY_PASTE_ENDS},
      {"\033[1;5D", KEY_WORD_LEFT},    {"\033[1;5C", KEY_WORD_RIGHT},
      {"\033[1;3D", KEY_WORD_LEFT},    {"\033[1;3C", KEY_WORD_RIGHT},
      {"\033[H", KEY_HOME},            {"\033[F", KEY_END},
      {"\033OH", KEY_HOME},            {"\033OF", KEY_END},
      {"\033[1~", KEY_HOME},           {"\033[4~", KEY_END},
      {"\033[7~", KEY_HOME},           {"\033[8~", KEY_END},
      {"\033[<", KEY_POINTER},
  };
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    define_key(keys[i].sequence, keys[i].code);
}

static void set_modes(void) {
  raw();
  noecho();
  nonl();
  intrflush(keys_window, FALSE);
  keypad(keys_window, TRUE);
  nodelay(keys_window, TRUE);
  scrollok(keys_window, FALSE);
  set_paste_mode(true);
  if (reports_mouse) set_mouse_mode(true);
}

// The form of the terminal's description that takes colours as red, green and blue, if it is
// wanted and there is one. It is looked up by name; the terminal is not asked.
static SCREEN *open_direct(FILE *out) {
  const char *promise = getenv("COLORTERM"), *term = getenv("TERM");
  if (promise == NULL || term == NULL) return NULL;
  if (strcmp(promise, "truecolor") != 0 && strcmp(promise, "24bit") != 0) return NULL;
  const char *end = strstr(term, "-256color");
  char name[64];
  int length = end != NULL ? (int)(end - term) : (int)strlen(term);
  int printed = snprintf(name, sizeof name, "%.*s-direct", length, term);
  if (printed < 0 || (size_t)printed >= sizeof name) return NULL;
  return newterm(name, out, stdin);
}

int cc_colours(void) {
  if (!has_colours) return 0;
  return tigetflag("RGB") > 0 ? 1 << 24 : COLORS;
}

static bool open_terminal(FILE *out, bool colours) {
  // Width and encoding come from the locale; a program started without one still speaks UTF-8.
  if (setlocale(LC_ALL, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
    setlocale(LC_CTYPE, "C.UTF-8");
  cc_remember_terminal();
  cc_note_screen(!is_for_writing);
  screen = open_direct(out);
  if (screen == NULL) screen = newterm(NULL, out, stdin);
  if (screen == NULL) return false;
  has_colours = colours && has_colors() && start_color() == OK && use_default_colors() == OK;
  set_escdelay(25);
  define_keys();
  return true;
}

int cc_open(bool colours) {
  if (!open_terminal(stdout, colours)) return -1;
  cc_keep_errors();
  keys_window = stdscr;
  is_open = true;
  set_modes();
  return 0;
}

static bool has(const char *capability) {
  const char *text = tigetstr(capability);
  return text != NULL && text != (const char *)-1;
}

static bool takes_ecma_48(void) {
  static const char *const needed[][2] = {{"cuu", "\033[%p1%dA"}, {"el", "\033[K"}, {"ed", "\033[J"}};
  for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
    if (!has(needed[i][0]) || strcmp(tigetstr(needed[i][0]), needed[i][1]) != 0) return false;
  return true;
}

int cc_open_for_writing(bool colours) {
  is_for_writing = true;
  // Opening takes the alternate screen and clears it: that goes nowhere, once something flushes it.
  // Then the descriptor becomes the terminal's, whose modes curses sets.
  FILE *nowhere = fopen("/dev/null", "w");
  bool is_usable = nowhere != NULL && open_terminal(nowhere, colours) && takes_ecma_48();
  if (is_usable) keypad(stdscr, TRUE);
  if (is_usable) is_usable = dup2(STDOUT_FILENO, fileno(nowhere)) >= 0 && def_shell_mode() == OK;
  keys_window = is_usable ? newpad(1, 1) : NULL;
  if (keys_window == NULL) {
    is_for_writing = false;
    cc_forget_terminal();
    return -1;
  }
  cc_keep_errors();
  is_open = true;
  set_modes();
  return 0;
}

bool cc_has_alternate_screen(void) { return has("smcup") && has("rmcup"); }

void cc_write(const char *bytes, int count) {
  if (is_open && cc_may_draw()) write_all(bytes, (size_t)count);
}

void cc_close(void) {
  if (!is_open) return;
  is_open = false;
  set_paste_mode(false);
  if (reports_mouse) set_mouse_mode(false);
  curs_set(1);
  if (is_for_writing) {
    if (cc_is_on_alternate_screen()) say("\033[?1049l");
    cc_note_screen(false);
    say("\033[0m");
    keypad(keys_window, FALSE);
    reset_shell_mode();
  } else {
    endwin();
  }
  cc_forget_terminal();
  cc_tell_errors();
}

void cc_reopen(void) {
  if (screen == NULL) return;
  if (!is_open) cc_remember_terminal();
  is_open = true;
  cc_keep_errors();
  reset_prog_mode();
  set_modes();
  if (is_for_writing) return;
  cc_forget();
  refresh();
}

void cc_size(int *height, int *width) {
  struct winsize size = {0};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
    if (screen != NULL && !is_for_writing && (size.ws_row != LINES || size.ws_col != COLS))
      resizeterm(size.ws_row, size.ws_col);
  *height = is_for_writing && size.ws_row > 0 ? size.ws_row : LINES;
  *width = is_for_writing && size.ws_col > 0 ? size.ws_col : COLS;
}

// ---------------------------------------------------------------------------------------------
// Drawing

enum { CLUSTER_MAX = 64 };

static const wchar_t ZERO_WIDTH_JOINER = 0x200D, EMOJI_STYLE = 0xFE0F, REPLACEMENT = 0xFFFD;

// Draws scalars that all fit: each spacing one with the marks after it is one curses cell.
static void put_whole(int row, int column, const wchar_t *text, int count, attr_t attributes,
                      short pair) {
  for (int start = 0; start < count;) {
    wchar_t group[CCHARW_MAX + 1] = {0};
    int end = start, used = 0;
    do {
      if (used < CCHARW_MAX) group[used++] = text[end];
      end++;
    } while (end < count && wcwidth(text[end]) == 0);
    cchar_t cell;
    if (setcchar(&cell, group, attributes, pair, NULL) == OK)
      mvadd_wch(row, column, &cell);
    column += wcwidth(text[start]) > 0 ? wcwidth(text[start]) : 0;
    start = end;
  }
}

// A colour's pair with the terminal's own background; pairs are made as colours come.
static short pair_of(int colour) {
  enum { PAIRS_MAX = 64 };
  static int known[PAIRS_MAX];
  static short count;
  if (!has_colours || colour < 0) return 0;
  for (short i = 0; i < count; i++)
    if (known[i] == colour) return (short)(i + 1);
  if (count == PAIRS_MAX || init_extended_pair(count + 1, colour, -1) == ERR) return 0;
  known[count++] = colour;
  return count;
}

static int curses_width(const wchar_t *text, int count) {
  int sum = 0;
  for (int i = 0; i < count; i++) {
    int width = wcwidth(text[i]);
    if (width < 0) return -1;
    sum += width;
  }
  return sum;
}

// The first spacing scalar with its ordinary marks: an emoji family becomes its first member.
static int plainer(const wchar_t *text, int count, wchar_t *out) {
  int used = 0;
  for (int i = 0; i < count; i++) {
    if (text[i] == ZERO_WIDTH_JOINER || text[i] == EMOJI_STYLE) continue;
    if (i > 0 && wcwidth(text[i]) != 0) break;
    out[used++] = text[i];
  }
  return used;
}

void cc_put(int row, int column, const uint32_t *scalars, int count, int width, int attributes,
            int colour) {
  wchar_t text[CLUSTER_MAX], safe[CLUSTER_MAX];
  if (count > CLUSTER_MAX) count = CLUSTER_MAX;
  for (int i = 0; i < count; i++) text[i] = (wchar_t)scalars[i];

  attr_t style = A_NORMAL;
  if (attributes & CC_BOLD) style |= A_BOLD;
  if (attributes & CC_DIM) style |= A_DIM;
  if (attributes & CC_UNDERLINE) style |= A_UNDERLINE;
  if (attributes & CC_REVERSE) style |= A_REVERSE;
  short pair = pair_of(colour);

  const wchar_t *drawn = text;
  int taken = curses_width(text, count);
  if (taken != width) {
    count = plainer(text, count, safe);
    drawn = safe;
    taken = curses_width(safe, count);
    if (taken < 1 || taken > width) {
      safe[0] = REPLACEMENT;
      count = 1;
      taken = 1;
    }
  }
  put_whole(row, column, drawn, count, style, pair);
  for (; taken < width; taken++) put_whole(row, column + taken, L" ", 1, style, pair);
}

void cc_cursor(int row, int column) {
  curs_set(row >= 0);
  move(row >= 0 ? row : 0, row >= 0 ? column : 0);
}

void cc_flush(void) {
  if (!cc_may_draw()) return;
  wnoutrefresh(stdscr);
  doupdate();
}

void cc_copy(const char *base64) {
  if (!is_open || !cc_may_draw()) return;
  printf("\033]52;c;%s\a", base64);
  fflush(stdout);
}

void cc_forget(void) {
  erase();
  clearok(curscr, TRUE);
}

// ---------------------------------------------------------------------------------------------
// Keys

// What follows ESC[<: button, column and row (from 1), and M for down or m for up.
static int pointer_key(uint32_t *scalar) {
  int numbers[3] = {0}, count = 0;
  wint_t code = 0;
  // Longer than any such report.
  for (int read = 0; read < 24 && wget_wch(keys_window, &code) == OK; read++) {
    if (code >= '0' && code <= '9' && numbers[count] < CC_MOUSE_COLUMNS)
      numbers[count] = numbers[count] * 10 + (int)(code - '0');
    else if (code == ';' && count < 2)
      count++;
    else
      break;
  }
  int column = numbers[1] - 1, row = numbers[2] - 1;
  if (count < 2 || code != 'M' || column < 0 || row < 0 || column >= CC_MOUSE_COLUMNS ||
      row >= CC_MOUSE_COLUMNS)
    return CC_OTHER;
  *scalar = (uint32_t)(row * CC_MOUSE_COLUMNS + column);
  switch (numbers[0]) {
    case 0: return CC_PRESSED;
    case 64: return CC_WHEEL_UP;
    case 65: return CC_WHEEL_DOWN;
    default: return CC_OTHER;
  }
}

int cc_key(uint32_t *scalar) {
  wint_t code = 0;
  int kind = wget_wch(keys_window, &code);
  if (kind == ERR) return CC_NONE;
  if (kind != KEY_CODE_YES) {
    *scalar = (uint32_t)code;
    return CC_SCALAR;
  }
  switch (code) {
    case KEY_UP: return CC_UP;
    case KEY_DOWN: return CC_DOWN;
    case KEY_LEFT: return CC_LEFT;
    case KEY_RIGHT: return CC_RIGHT;
    case KEY_WORD_LEFT: return CC_WORD_LEFT;
    case KEY_WORD_RIGHT: return CC_WORD_RIGHT;
    case KEY_HOME: return CC_HOME;
    case KEY_END: return CC_END;
    case KEY_PPAGE: return CC_PAGE_UP;
    case KEY_NPAGE: return CC_PAGE_DOWN;
    case KEY_BACKSPACE: return CC_BACKSPACE;
    case KEY_DC: return CC_DELETE;
    case KEY_BTAB: return CC_BACK_TAB;
    case KEY_SR: return CC_SHIFT_UP;
    case KEY_SF: return CC_SHIFT_DOWN;
    case KEY_SLEFT: return CC_SHIFT_LEFT;
    case KEY_SRIGHT: return CC_SHIFT_RIGHT;
    case KEY_ENTER: return CC_ENTER;
    case KEY_PASTE_BEGINS: return CC_PASTE_BEGINS;
    case KEY_PASTE_ENDS: return CC_PASTE_ENDS;
    // Where terminfo has a name for the sequence, curses does not take ours.
    case KEY_MOUSE:
    case KEY_POINTER: return pointer_key(scalar);
    default:
      if (code <= KEY_F0 || code > KEY_F(12)) return CC_OTHER;
      *scalar = (uint32_t)(code - KEY_F0);
      return CC_FUNCTION;
  }
}
