// Prints a digest of what every kernel of every path of this machine gives on the same inputs, one line
// each: `path kernel digest`. All paths of all machines have to print the same digests, which
// `Scripts/check-paths` looks at: no Swift program can be built here for the machines that it is about.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dense.h"

static uint64_t state;

static uint64_t next(void) {  // SplitMix64
  uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

static float next_float(void) { return (float)(next() >> 40) / 16777216.0f * 8.0f - 4.0f; }

static float *floats(size_t count, int extreme) {
  static const float special[16] = {0,    -0.0f, 1e-45f, -1e-45f, 3e38f,  -3e38f, 1e-5f, 127,
                                    126.5f, 0.5f,  1.5f,   88,      -88,    89,     -104,  1e10f};
  float *x = malloc((count + 16) * sizeof *x);
  for (size_t i = 0; i < count; i++) {
    x[i] = extreme && i % 3 == 0 ? special[next() % 16] : next_float();
  }
  return x;
}

static uint64_t digest;

static void digest_bytes(const void *bytes, size_t count) {  // FNV-1a
  for (size_t i = 0; i < count; i++) digest = (digest ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3;
}

// What is not a number has one sign here and another there.
static void digest_floats(const float *x, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = 0x7fc00000;
    if (x[i] == x[i]) memcpy(&bits, x + i, sizeof bits);
    digest_bytes(&bits, sizeof bits);
  }
}

static void begin(void) {
  state = 1;
  digest = 0xcbf29ce484222325;
}

static void end(const ck_kernels *kernels, const char *kernel) {
  printf("%s %s %016llx\n", kernels->name, kernel, (unsigned long long)digest);
}

static const size_t lengths[] = {0, 1, 15, 16, 17, 255, 256, 768, 4096};

static void row_steps(const ck_kernels *kernels) {
  enum { NORM, QUANTISE, SILU, SQUARED_RELU, ADD, STEPS };
  static const char *names[] = {"rms_norm", "quantise", "silu_multiply", "squared_relu_multiply", "add"};
  for (int step = 0; step < STEPS; step++) {
    begin();
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
      for (int extreme = 0; extreme < (step == NORM ? 1 : 2); extreme++) {
        const size_t n = lengths[l];
        float *x = floats(n, extreme), *y = floats(n, extreme), *out = floats(n, 0);
        if (step == QUANTISE) {
          int8_t *codes = malloc(n + 1);
          int32_t sum;
          kernels->quantise(x, n, codes, out, &sum);
          digest_bytes(codes, n);
          digest_floats(out, 1);
          digest_bytes(&sum, sizeof sum);
          free(codes);
        } else {
          if (step == NORM) kernels->rms_norm(x, y, 1e-5f, n, out);
          if (step == SILU) kernels->silu_multiply(x, y, n, out);
          if (step == SQUARED_RELU) kernels->squared_relu_multiply(x, y, n, out);
          if (step == ADD) kernels->add(x, y, n);
          digest_floats(step == ADD ? x : out, n);
        }
        free(x), free(y), free(out);
      }
    }
    end(kernels, names[step]);
  }
}

static void ternary(const ck_kernels *kernels) {
  static const size_t columns[] = {16, 64, 256, 768, 6912}, tokens[] = {1, 2, 3, 4, 9, 17};
  enum { ROWS = 48 };
  begin();
  for (size_t c = 0; c < 5; c++) {
    for (size_t k = 0; k < 6; k++) {
      for (size_t scale_columns = columns[c]; scale_columns > 0; scale_columns = scale_columns > 64 ? 64 : 0) {
        const size_t n = columns[c], count = tokens[k], stride = (n + 63) / 64 * 64;
        uint8_t *codes = malloc(ROWS * n / 4);
        for (size_t i = 0; i < ROWS * n / 4; i++) codes[i] = k == 0 ? 0xff : (uint8_t)next();
        int8_t *x = calloc(count * stride, 1);
        int32_t *sums = calloc(count, sizeof *sums), *blocks = calloc(count * stride / 64, sizeof *blocks);
        for (size_t t = 0; t < count; t++) {
          for (size_t i = 0; i < n; i++) {
            int8_t code = (int8_t)(k == 0 ? (c % 2 ? 127 : -127) : (int)(next() % 255) - 127);
            x[t * stride + i] = code;
            sums[t] += code;
            blocks[t * (stride / 64) + i / 64] += code;
          }
        }
        float *scales = floats(ROWS * (n / scale_columns), 0), *token_scales = floats(count, 0);
        float *out = malloc(count * ROWS * sizeof *out);
        const ck_ternary_matrix matrix = {codes, scales, ROWS, n, scale_columns, CK_TWO_BITS};
        const ck_activations a = {x, token_scales, sums, scale_columns == n ? NULL : blocks, stride, count};
        kernels->ternary_matmul(&matrix, &a, out, ROWS, 0, ROWS / 16);
        digest_floats(out, count * ROWS);
        free(codes), free(x), free(sums), free(blocks), free(scales), free(token_scales), free(out);
      }
    }
  }
  end(kernels, "ternary_matmul");
}

// Rows of one scale, in a layout that not every path is made for.
static void trits(const ck_kernels *kernels) {
  enum { ROWS = 48 };
  static const size_t columns[] = {256, 768, 2560}, tokens[] = {1, 2, 3, 4, 7, 8, 17};
  begin();
  for (size_t c = 0; c < 3; c++) {
    const size_t n = columns[c], lines = ck_lines(CK_FIVE_TRITS, n), stride = (n + 63) / 64 * 64 + 64;
    uint8_t *codes = calloc(ROWS / 16 * lines * 64 + 64, 1), *source = malloc(n / 256 * 66);
    float *scales = floats(ROWS, 0), *unused = floats(n / 256, 0);
    for (size_t row = 0; row < ROWS; row++) {
      // TQ2_0: 64 bytes of codes, none of them 3, and a scale.
      for (size_t i = 0; i < n / 256 * 66; i++) {
        const uint8_t bits = (uint8_t)next();
        source[i] = i % 66 < 64 ? bits & ~((bits & 0x55) << 1) : 0x3c;
      }
      size_t bad;
      ck_pack_status status = ck_pack_ternary_row(CK_TERNARY_TQ2_0, source, n, row, CK_FIVE_TRITS,
                                                  codes, unused, &bad);
      digest_bytes(&status, sizeof status);
    }
    digest_bytes(codes, ROWS / 16 * lines * 64);
    for (size_t k = 0; k < 7; k++) {
      const size_t count = tokens[k];
      int8_t *x = calloc(count * stride, 1);
      int32_t *sums = calloc(count, sizeof *sums);
      for (size_t i = 0; i < count * stride; i++) {
        if (i % stride >= n) continue;
        x[i] = (int8_t)(k == 0 ? -127 : (int)(next() % 255) - 127);
        sums[i / stride] += x[i];
      }
      float *token_scales = floats(count, 0), *out = malloc(count * ROWS * sizeof *out);
      const ck_ternary_matrix matrix = {codes, scales, ROWS, n, n, CK_FIVE_TRITS};
      const ck_activations a = {x, token_scales, sums, NULL, stride, count};
      kernels->ternary_matmul(&matrix, &a, out, ROWS, 0, ROWS / 16);
      digest_floats(out, count * ROWS);
      free(x), free(sums), free(token_scales), free(out);
    }
    free(codes), free(source), free(scales), free(unused);
  }
  end(kernels, "ternary_matmul_of_trits");
}

static void dense(const ck_kernels *kernels) {
  enum { ROWS = 32, COLUMNS = 512 };
  begin();
  for (ck_dense_format format = CK_DENSE_F32; format <= CK_DENSE_TERNARY; format++) {
    const size_t bytes = format == CK_DENSE_TERNARY ? ROWS * COLUMNS / 4 : ck_dense_bytes(format, ROWS, COLUMNS);
    uint8_t *data = aligned_alloc(64, (bytes + 63) / 64 * 64);
    // Without this bit no float or half is infinite.
    for (size_t i = 0; i < bytes; i++) data[i] = (uint8_t)next() & (format == CK_DENSE_TERNARY ? 0xff : 0xbf);
    float *scales = floats(ROWS * COLUMNS / 64, 0);
    const ck_dense_matrix matrix = {format, data, scales, 64, ROWS, COLUMNS};
    for (size_t tokens = 1; tokens < 7; tokens++) {
      float *x = floats(tokens * COLUMNS, 0), *out = malloc(tokens * ROWS * sizeof *out);
      kernels->float_matmul(&matrix, x, COLUMNS, tokens, out, ROWS, 0, ROWS / 16);
      digest_floats(out, tokens * ROWS);
      free(x), free(out);
    }
    free(data), free(scales);
  }
  end(kernels, "float_matmul");
}

static void attention(const ck_kernels *kernels) {
  static const size_t sizes[] = {16, 32, 64, 80, 128}, counts[] = {1, 15, 16, 17, 33, 300};
  begin();
  for (size_t s = 0; s < 5; s++) {
    const size_t size = sizes[s], stream = 19 * 16 * size;
    uint16_t *cache = malloc(2 * stream * sizeof *cache);
    for (size_t i = 0; i < 2 * stream; i++) cache[i] = ck_float_to_half(next_float());
    const ck_history history = {cache, cache + stream, size};
    float *scores = malloc(CK_QUERIES_AT_ONCE * 304 * sizeof *scores);
    for (size_t c = 0; c < 6; c++) {
      float *x = floats(6 * size, 0), *out = malloc(6 * size * sizeof *out);
      ck_query queries[6];
      for (size_t q = 0; q < 6; q++) queries[q] = (ck_query){x + q * size, out + q * size, counts[(c + q) % 6]};
      kernels->attention(queries, 6, &history, 0.125f, scores);
      digest_floats(out, 6 * size);
      free(x), free(out);
    }
    for (size_t lane = 0; lane < 16; lane += 5) {
      float *key = floats(size, 1), *value = floats(size, 1);
      kernels->store(key, value, size, lane, cache, cache + stream + lane * size);
      free(key), free(value);
    }
    digest_bytes(cache, 2 * stream * sizeof *cache);
    free(cache), free(scores);
  }
  end(kernels, "attention_and_store");
}

static void rope(const ck_kernels *kernels) {
  static const size_t sizes[] = {2, 16, 64, 80, 128};
  begin();
  for (size_t s = 0; s < 5; s++) {
    const size_t size = sizes[s], half = s % 2 ? size / 4 : size / 2;
    for (int kind = 0; kind < 4; kind++) {
      float *x = floats(3 * size, kind / 2), *cosines = floats(half, 0), *sines = floats(half, 0);
      kernels->rope(x, 3, size, cosines, sines, half, kind % 2);
      digest_floats(x, 3 * size);
      free(x), free(cosines), free(sines);
    }
  }
  end(kernels, "rope");
}

static void top(const ck_kernels *kernels) {
  static const size_t sizes[][2] = {{1, 1}, {100, 7}, {1000, 63}, {1024, 40}, {2048, 128}, {9999, 40}};
  begin();
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    for (int kind = 0; kind < 3; kind++) {
      int32_t tokens[128];
      float values[128], *logits = floats(sizes[s][0], kind == 2);
      // Many equals, and some that are not numbers.
      for (size_t i = 0; kind == 1 && i < sizes[s][0]; i++) logits[i] = (float)(int)logits[i];
      for (size_t i = 3; kind == 1 && i < sizes[s][0]; i += 7) logits[i] = (float)NAN;
      const size_t found = kernels->top(logits, sizes[s][0], sizes[s][1], tokens, values);
      digest_bytes(tokens, found * sizeof *tokens);
      digest_floats(values, found);
      free(logits);
    }
  }
  end(kernels, "top");
}

// The likeliest rows of a head: by its sketch where the path has one, else by the whole product.
static void highest(const ck_kernels *kernels) {
  enum { ROWS = 512, COLUMNS = 256 };
  static const size_t tokens[] = {1, 3, 16, 18};
  static const ck_dense_format formats[] = {CK_DENSE_Q6_K, CK_DENSE_F16};
  ck_workers *workers = ck_workers_create(1, 0);
  begin();
  for (size_t f = 0; f < 2; f++) {
    const size_t bytes = ck_dense_bytes(formats[f], ROWS, COLUMNS);
    uint8_t *data = aligned_alloc(64, bytes);
    for (size_t i = 0; i < bytes; i++) data[i] = (uint8_t)next() & 0xbf;
    const ck_dense_matrix matrix = {formats[f], data, NULL, 0, ROWS, COLUMNS};
    ck_sketch sketch = {matrix, NULL, floats(ROWS / 16, 0), floats(ROWS / 16, 0)};
    if (formats[f] != CK_DENSE_Q6_K) {
      sketch.own = aligned_alloc(64, ck_dense_bytes(CK_DENSE_Q6_K, ROWS, COLUMNS));
      sketch.matrix = (ck_dense_matrix){CK_DENSE_Q6_K, sketch.own, NULL, 0, ROWS, COLUMNS};
    }
    if (kernels->sketch != NULL) ck_workers_sketch(workers, kernels, &matrix, &sketch);
    int8_t *scratch = aligned_alloc(64, (ck_highest_scratch(ROWS, COLUMNS) + 63) / 64 * 64);
    for (size_t k = 0; k < 8; k++) {
      const size_t count = tokens[k / 2], keep = k % 2 ? 40 : 1;
      float *x = floats(count * COLUMNS, 0), *out = malloc(count * ROWS * sizeof *out);
      // Few rows come near that of which a question is made.
      for (size_t t = 0; t < count; t++) ck_dense_row(&matrix, next() % ROWS, x + t * COLUMNS);
      if (kernels->sketch == NULL) {
        kernels->float_matmul(&matrix, x, COLUMNS, count, out, ROWS, 0, ROWS / 16);
      } else {
        ck_workers_highest(workers, kernels, &matrix, &sketch, x, count, ROWS, keep, scratch, out, ROWS);
      }
      for (size_t t = 0; t < count; t++) {
        int32_t rows[40];
        float values[40];
        kernels->top(out + t * ROWS, ROWS, keep, rows, values);
        digest_bytes(rows, keep * sizeof *rows);
        digest_floats(values, keep);
      }
      free(x), free(out);
    }
    free(data), free(sketch.norms), free(sketch.residuals), free(sketch.own), free(scratch);
  }
  ck_workers_destroy(workers);
  end(kernels, "highest");
}

int main(void) {
  for (size_t path = 0; path < CK_PATHS; path++) {
    const ck_kernels *kernels = ck_kernels_at(path);
    if (kernels == NULL) continue;
    row_steps(kernels);
    ternary(kernels);
    trits(kernels);
    dense(kernels);
    attention(kernels);
    rope(kernels);
    top(kernels);
    highest(kernels);
  }
  return 0;
}
