// The few functions of C's library that `paths.c` and the kernels call, for a machine without a system:
// memory is taken from 16 MiB on and given back all at once, text goes to the first serial line.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define HEAP ((uint8_t *)0x1000000)
#define SERIAL 0x3f8

int main(void);
void *memset(void *to, int value, size_t count);

static size_t taken;

static void out(uint16_t port, uint8_t byte) { __asm__ volatile("outb %0, %1" : : "a"(byte), "Nd"(port)); }

static uint8_t in(uint16_t port) {
  uint8_t byte;
  __asm__ volatile("inb %1, %0" : "=a"(byte) : "Nd"(port));
  return byte;
}

static void put(char character) {
  while ((in(SERIAL + 5) & 0x20) == 0) continue;
  out(SERIAL, (uint8_t)character);
}

// Knows %s and, as all else, 16 hexadecimal digits.
int printf(const char *format, ...) {
  va_list values;
  va_start(values, format);
  for (; *format != 0; format++) {
    if (*format != '%') {
      put(*format);
    } else if (*++format == 's') {
      for (const char *text = va_arg(values, const char *); *text != 0; text++) put(*text);
    } else {
      while (*format != 'x') format++;
      const uint64_t number = va_arg(values, uint64_t);
      for (int digit = 60; digit >= 0; digit -= 4) put("0123456789abcdef"[number >> digit & 15]);
    }
  }
  va_end(values);
  return 0;
}

void *memcpy(void *to, const void *from, size_t count) {
  void *start = to;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
  return start;
}

void *memset(void *to, int value, size_t count) {
  void *start = to;
  __asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(value) : "memory");
  return start;
}

void *memmove(void *to, const void *from, size_t count) {
  if ((uintptr_t)to <= (uintptr_t)from) return memcpy(to, from, count);
  for (size_t i = count; i-- > 0;) ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
  return to;
}

double sqrt(double x) {
  __asm__("sqrtsd %0, %0" : "+x"(x));
  return x;
}

float sqrtf(float x) {
  __asm__("sqrtss %0, %0" : "+x"(x));
  return x;
}

void *aligned_alloc(size_t alignment, size_t count) {
  taken = (taken + alignment - 1) / alignment * alignment;
  void *start = HEAP + taken;
  taken += count;
  return start;
}

void *malloc(size_t count) { return aligned_alloc(16, count); }

void *calloc(size_t count, size_t size) { return memset(malloc(count * size), 0, count * size); }

void free(void *start) { (void)start; }

// A pool of one thread, which is the caller, has nobody to wait for.
#define ALONE(function) int function(void) { return 0; }
ALONE(pthread_mutex_init) ALONE(pthread_mutex_lock) ALONE(pthread_mutex_unlock)
ALONE(pthread_mutex_destroy) ALONE(pthread_cond_init) ALONE(pthread_cond_wait)
ALONE(pthread_cond_broadcast) ALONE(pthread_cond_destroy) ALONE(pthread_create)
ALONE(pthread_join) ALONE(sched_yield)

void bare_main(void) {
  extern uint8_t bss_start[], bss_end[];
  memset(bss_start, 0, (size_t)(bss_end - bss_start));
  out(SERIAL + 3, 3);  // eight bits a character
  __builtin_cpu_init();
  main();
  printf("end\n");
  while ((in(SERIAL + 5) & 0x40) == 0) continue;
  // Bochs's way to be told that the machine is off.
  for (const char *text = "Shutdown"; *text != 0; text++) out(0x8900, (uint8_t)*text);
}
