#pragma once

// One HTTP transfer by the system's libcurl.
//
// The library is opened when the first transfer begins, not when the program starts: nobody who
// downloads nothing waits for it or needs it. What is used of it has had the same binary form
// since libcurl.so.4 of 2006.

#include <stdbool.h>
#include <stddef.h>

enum { CU_REDIRECT_BYTES = 8192, CU_MESSAGE_BYTES = 256 };

struct cu_request {
  const char *url;
  const char *agent;
  // Lines such as "Range: bytes=10-", without line ends.
  const char *const *headers;
  int header_count;
  // http:// besides https://.
  bool allows_plain;
  // Gives up when a connection takes, or nothing comes for, so long.
  long patience_seconds;
  // Handed to the three functions. Each stops the transfer by giving back anything but 0.
  void *context;
  // One line of the answer's head, with its line end.
  int (*head)(const char *bytes, size_t count, void *context);
  // A part of the answer's body.
  int (*body)(const char *bytes, size_t count, void *context);
  // Called at least once a second.
  int (*pulse)(void *context);
};

struct cu_result {
  // libcurl's code: 0 is success, CU_NO_LIBRARY that there is no libcurl.
  int code;
  // HTTP's status, 0 when nobody answered.
  long status;
  // Where the answer points to, whole; empty when nowhere.
  char redirect[CU_REDIRECT_BYTES];
  // What went wrong, in libcurl's words; empty when nothing did.
  char message[CU_MESSAGE_BYTES];
};

enum { CU_NO_LIBRARY = -1 };

// The texts of a result: Swift sees no array of this length.
static inline const char *cu_redirect(const struct cu_result *result) { return result->redirect; }
static inline const char *cu_message(const struct cu_result *result) { return result->message; }

// Follows no redirect, sends no password, keeps no cookie. Returns when the transfer is over.
void cu_transfer(const struct cu_request *request, struct cu_result *result);
