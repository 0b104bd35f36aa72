#pragma once

// Non-variadic shims over ncursesw, and the signals of a terminal program. All calls belong
// to one thread at a time.

#include <stdbool.h>
#include <stdint.h>

// ---------------------------------------------------------------------------------------------
// The screen

// Opens the terminal in raw mode on its alternate screen. 0, or -1 when it cannot be used.
// Until cc_close, what is written to standard error is kept aside where it would land on the
// screen, and written there afterwards, also after a fault.
int cc_open(bool colours);

// The same, but curses draws nothing and takes no screen: it reads the keys, and the caller writes
// by cc_write what the terminal is to do, in the control sequences of ECMA-48. -1 also where the
// terminal does not take these.
int cc_open_for_writing(bool colours);

// Whether the terminal has a second, alternate screen.
bool cc_has_alternate_screen(void);

// Writes bytes to the terminal opened for writing.
void cc_write(const char *bytes, int count);

// Which of the two screens the terminal is on since then: every end of the program goes back.
void cc_note_screen(bool is_alternate);

// Has the terminal report its mouse (xterm's modes 1000 and 1006), or not. cc_close ends it.
void cc_mouse(bool on);

// How many colours there are: 0, 8, 16, 256, or 1 << 24 where COLORTERM promises them and
// terminfo knows how to ask for them.
int cc_colours(void);

// Gives the terminal back as it was found. May be called at any time, also twice.
void cc_close(void);

// Takes the terminal again after cc_close; everything has to be drawn anew.
void cc_reopen(void);

// Asks the terminal for its size and tells curses.
void cc_size(int *height, int *width);

enum cc_attribute { CC_BOLD = 1, CC_DIM = 2, CC_UNDERLINE = 4, CC_REVERSE = 8 };

// Draws one grapheme cluster of `count` scalars that takes `width` cells. `colour` is a number
// below cc_colours (0xRRGGBB where there are so many), or -1 for the terminal's own. Where curses counts other cells than `width`, a plainer form of the
// cluster is drawn, so that what stands to its right never moves.
void cc_put(int row, int column, const uint32_t *scalars, int count, int width, int attributes,
            int colour);

// Places the cursor; a negative row hides it.
void cc_cursor(int row, int column);

// Sends what changed.
void cc_flush(void);

// Makes the next cc_flush send everything.
void cc_forget(void);

// Hands Base64 text to the terminal's clipboard (xterm's OSC 52).
void cc_copy(const char *base64);

enum { CC_MOUSE_COLUMNS = 1 << 12 };

enum cc_key {
  CC_NONE = 0,     // nothing is waiting
  CC_SCALAR,       // *scalar: what was typed, control characters included
  CC_UP, CC_DOWN, CC_LEFT, CC_RIGHT, CC_WORD_LEFT, CC_WORD_RIGHT,
  CC_HOME, CC_END, CC_PAGE_UP, CC_PAGE_DOWN, CC_BACKSPACE, CC_DELETE, CC_BACK_TAB, CC_ENTER,
  CC_SHIFT_UP, CC_SHIFT_DOWN, CC_SHIFT_LEFT, CC_SHIFT_RIGHT,
  CC_PASTE_BEGINS, CC_PASTE_ENDS,
  CC_FUNCTION,     // *scalar: 1 for F1
  // *scalar: row times CC_MOUSE_COLUMNS plus column, both from 0
  CC_WHEEL_UP, CC_WHEEL_DOWN, CC_PRESSED,
  CC_OTHER         // a key without a meaning here
};

// The next key, without waiting (but for the rest of an escape sequence, at most 25 ms).
int cc_key(uint32_t *scalar);

// ---------------------------------------------------------------------------------------------
// Signals

// File descriptor from which caught signals are read, one byte each; -1 when there is none left.
int cc_signal_descriptor(void);

// How a signal is taken from now on.
enum cc_disposition { CC_CATCH, CC_IGNORE, CC_DEFAULT };
void cc_on_signal(int number, int disposition);

// Restores the terminal before the program dies of a fault, then lets it die as before.
void cc_guard_faults(void);
