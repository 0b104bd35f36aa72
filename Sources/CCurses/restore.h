#pragma once

#include <stdbool.h>

// Between these two the terminal is known to be in our hands, and a fault restores it.
void cc_remember_terminal(void);
void cc_forget_terminal(void);

bool cc_is_on_alternate_screen(void);

// What is written to standard error between these two lands in a file, if standard error is a
// terminal; the second one writes it where it was meant to go. It may be called in a handler.
void cc_keep_errors(void);
void cc_tell_errors(void);

// False once a fault gave the terminal back: another thread may still be drawing.
bool cc_may_draw(void);
