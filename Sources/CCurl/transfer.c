#define _POSIX_C_SOURCE 200809L

#include "transfer.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

// Numbers of curl/curl.h, which are fixed: a kind (long 0, pointer 10000, function 20000) and a
// place within it.
enum option {
  TIMEOUT_CONNECT = 78, NO_PROGRESS = 43, LOW_SPEED_LIMIT = 19, LOW_SPEED_TIME = 20, NO_SIGNAL = 99,
  PROTOCOLS = 181, DISALLOW_USERNAME = 278,
  WRITE_DATA = 10001, URL = 10002, ERROR_BUFFER = 10010, USER_AGENT = 10018, HTTP_HEADER = 10023,
  HEADER_DATA = 10029, PROGRESS_DATA = 10057,
  WRITE_FUNCTION = 20011, HEADER_FUNCTION = 20079, PROGRESS_FUNCTION = 20219
};
enum info { RESPONSE_CODE = 0x200000 + 2, REDIRECT_URL = 0x100000 + 31 };
enum protocol { HTTP = 1, HTTPS = 2 };
enum { GLOBAL_DEFAULT = 3, FAILED_INIT = 2 };

static struct {
  int (*global_init)(long);
  void *(*init)(void);
  int (*setopt)(void *, int, ...);
  int (*perform)(void *);
  int (*getinfo)(void *, int, ...);
  const char *(*strerror)(int);
  void (*cleanup)(void *);
  void *(*append)(void *, const char *);
  void (*free_all)(void *);
  bool is_ready;
} curl;

static void open_library(void) {
  static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"};
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  // POSIX lets dlsym's result stand for a function; ISO C has no cast for it.
  const struct { const char *name; void *place; } functions[] = {
    {"curl_global_init", &curl.global_init}, {"curl_easy_init", &curl.init},
    {"curl_easy_setopt", &curl.setopt}, {"curl_easy_perform", &curl.perform},
    {"curl_easy_getinfo", &curl.getinfo}, {"curl_easy_strerror", &curl.strerror},
    {"curl_easy_cleanup", &curl.cleanup}, {"curl_slist_append", &curl.append},
    {"curl_slist_free_all", &curl.free_all},
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    void *function = dlsym(library, functions[i].name);
    if (!function) return;
    memcpy(functions[i].place, &function, sizeof function);
  }
  curl.is_ready = curl.global_init(GLOBAL_DEFAULT) == 0;
}

// libcurl takes any other count than the one it gave for "stop".
static size_t on_head(char *bytes, size_t size, size_t count, void *context) {
  const struct cu_request *request = context;
  return request->head(bytes, size * count, request->context) == 0 ? size * count : 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
  const struct cu_request *request = context;
  if (size * count == 0) return 0;
  return request->body(bytes, size * count, request->context) == 0 ? size * count : 0;
}

static int on_pulse(void *context, int64_t total, int64_t now, int64_t up_total, int64_t up_now) {
  (void)total, (void)now, (void)up_total, (void)up_now;
  const struct cu_request *request = context;
  return request->pulse(request->context);
}

static int prepare(void *handle, const struct cu_request *request, void *headers, char *message) {
  const long protocols = request->allows_plain ? HTTP | HTTPS : HTTPS;
  int code = curl.setopt(handle, URL, request->url);
  if (!code) code = curl.setopt(handle, USER_AGENT, request->agent);
  if (!code) code = curl.setopt(handle, PROTOCOLS, protocols);
  if (!code) code = curl.setopt(handle, DISALLOW_USERNAME, 1L);
  if (!code) code = curl.setopt(handle, HTTP_HEADER, headers);
  if (!code) code = curl.setopt(handle, TIMEOUT_CONNECT, request->patience_seconds);
  if (!code) code = curl.setopt(handle, LOW_SPEED_LIMIT, 1L);
  if (!code) code = curl.setopt(handle, LOW_SPEED_TIME, request->patience_seconds);
  if (!code) code = curl.setopt(handle, NO_SIGNAL, 1L);
  if (!code) code = curl.setopt(handle, NO_PROGRESS, 0L);
  if (!code) code = curl.setopt(handle, PROGRESS_FUNCTION, on_pulse);
  if (!code) code = curl.setopt(handle, PROGRESS_DATA, request);
  if (!code) code = curl.setopt(handle, HEADER_FUNCTION, on_head);
  if (!code) code = curl.setopt(handle, HEADER_DATA, request);
  if (!code) code = curl.setopt(handle, WRITE_FUNCTION, on_body);
  if (!code) code = curl.setopt(handle, WRITE_DATA, request);
  if (!code) code = curl.setopt(handle, ERROR_BUFFER, message);
  return code;
}

static void copy(char *to, size_t room, const char *from) {
  const size_t count = strnlen(from, room - 1);
  memcpy(to, from, count);
  to[count] = 0;
}

void cu_transfer(const struct cu_request *request, struct cu_result *result) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  *result = (struct cu_result){.code = CU_NO_LIBRARY};
  pthread_once(&once, open_library);
  if (!curl.is_ready) return;
  result->code = FAILED_INIT;
  void *handle = curl.init();
  if (!handle) return;
  void *headers = NULL;
  for (int i = 0; i < request->header_count; i++) {
    void *longer = curl.append(headers, request->headers[i]);
    if (longer) headers = longer;
  }
  result->code = prepare(handle, request, headers, result->message);
  if (result->code == 0) result->code = curl.perform(handle);
  curl.getinfo(handle, RESPONSE_CODE, &result->status);
  const char *redirect = NULL;
  curl.getinfo(handle, REDIRECT_URL, &redirect);
  // One that does not fit is cut, and then leads nowhere: the next transfer says so.
  if (redirect) copy(result->redirect, sizeof result->redirect, redirect);
  if (result->code != 0 && result->message[0] == 0)
    copy(result->message, sizeof result->message, curl.strerror(result->code));
  curl.cleanup(handle);
  curl.free_all(headers);
}
