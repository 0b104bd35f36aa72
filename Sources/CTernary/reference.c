#include "ternary.h"
