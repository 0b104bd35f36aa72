#pragma once

#include <stdbool.h>

// Between these two the terminal is known to be in our hands, and a fault restores it.
void cc_remember_terminal(void);
void cc_forget_terminal(void);

// False once a fault gave the terminal back: another thread may still be drawing.
bool cc_may_draw(void);
