// zlib, the system's own (Debian: zlib1g-dev); see docs/decisions.
#include <zlib.h>
