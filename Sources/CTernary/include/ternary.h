// Kernels of the ternary engine: integer products that are exact, float steps that have one
// fixed order. Every kernel has a scalar twin named `…_reference`; the wide paths (AVX2,
// AVX-512, NEON) are *equal* to it, bit for bit, on every input, because
//   - integer sums cannot depend on their order,
//   - every float sum is defined as 16 lanes (element i goes to lane i mod 16) and one tree
//     (l[i] + l[i+8], then +4, +2, +1),
//   - nothing is contracted to a fused multiply-add and no libm function is called; division
//     and square root are IEEE-exact everywhere.
// Shapes are in comments as (outer, ..., inner).
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Rows of a packed matrix that share one 64-byte line.
#define CK_GROUP_ROWS 16
/// Columns of a matrix of two bits a weight that one 64-byte line holds of each of its rows.
#define CK_LINE_COLUMNS 16

/// How weights are packed. Line (g, b) holds rows 16g…16g+15, and dword r of it is row r.
typedef enum {
  /// A line holds columns 16b…16b+15: byte i of a dword has, in bits 2k and 2k+1, weight + 1 of column
  /// 16b+4k+i.
  CK_TWO_BITS,
  /// A line holds columns 20b…20b+19: byte i of a dword has trits t0 to t4, where tk is weight + 1 of
  /// column 20b+4k+i. With u = t0 + 3 t1 + 9 t2 + 27 t3 the byte is 64 t4 + u, or from u = 63 on
  /// 192 + (u - 63) + 18 t4. Lines are even in number; columns past the last have trit 0, and bytes of
  /// activations may be read there.
  CK_FIVE_TRITS
} ck_ternary_layout;

/// Lines of 16 rows.
size_t ck_lines(ck_ternary_layout layout, size_t columns);

/// A packed ternary matrix.
typedef struct {
  const uint8_t *codes;  // (rows/16, lines, 64)
  const float *scales;   // (rows/16, columns/scale_columns, 16)
  size_t rows;           // multiple of 16; padding rows hold weight 0
  size_t columns;        // multiple of 16
  size_t scale_columns;  // columns that share a scale: all of them, or a multiple of 64
  ck_ternary_layout layout;  // five trits only where a row has one scale
} ck_ternary_matrix;

/// int8 activations of some tokens, one scale a token (value = code * scale).
typedef struct {
  const int8_t *codes;   // (count, stride)
  const float *scales;   // (count)
  const int32_t *sums;   // (count): sum of the token's codes
  /// (count, stride/64): sums of each 64 codes; null where every row has one scale.
  const int32_t *_Nullable block_sums;
  size_t stride;         // bytes from one token to the next
  size_t count;
} ck_activations;

/// How the numbers of a dense matrix are kept: as in the file (ggml's types), 16 rows to a
/// register; `dense.h` has the layouts. The last reads packed ternary codes as floats.
typedef enum {
  CK_DENSE_F32,
  CK_DENSE_F16,
  CK_DENSE_BF16,
  CK_DENSE_Q8_0,
  CK_DENSE_Q4_0,
  CK_DENSE_Q4_1,
  CK_DENSE_Q5_0,
  CK_DENSE_Q5_1,
  CK_DENSE_Q4_K,
  CK_DENSE_Q5_K,
  CK_DENSE_Q6_K,
  CK_DENSE_TERNARY
} ck_dense_format;

/// A matrix that is multiplied with float activations.
typedef struct {
  ck_dense_format format;
  const uint8_t *data;            // (rows/16, blocks of columns, a block of 16 rows)
  const float *_Nullable scales;  // ternary: (rows/16, columns/scale_columns, 16); else null
  size_t scale_columns;           // ternary: columns that share a scale
  size_t rows;                    // multiple of 16; padding rows are 0
  size_t columns;                 // multiple of 16, and of the format's block
} ck_dense_matrix;

/// Keys and values (f16 bits) of one key head of one sequence: two streams of memory.
typedef struct {
  const uint16_t *keys;    // (positions/16, head_size, 16): lane = position mod 16
  const uint16_t *values;  // (positions, head_size)
  size_t head_size;        // multiple of 16
} ck_history;

/// One query of a history.
typedef struct {
  const float *query;  // (head_size)
  float *out;          // (head_size)
  size_t count;        // positions attended to, at least 1
} ck_query;

/// Queries of one key head that a wide path may work on at once.
#define CK_QUERIES_AT_ONCE 16

/// A matrix as whole numbers, to find out quickly which rows of it can be the highest: what it says of
/// a row is wrong by a known amount at most. A matrix of Q6_K is its own sketch.
typedef struct {
  ck_dense_matrix matrix;   // Q6_K; columns that the matrix does not have are 0
  uint8_t *_Nullable own;   // where its numbers are written; null where they are the matrix's
  float *norms;      // (rows/16): at least the Euclidean norm of any of 16 rows of the matrix
  float *residuals;  // (rows/16): at least the norm of what the sketch leaves out of any of them
} ck_sketch;

/// What is asked of a sketch for a token: int8 activations, and norms to tell how wrong an answer can
/// be.
typedef struct {
  float scale;
  float norm;      // at least the norm of codes * scale
  float residual;  // at least the norm of what the codes leave out
} ck_question;

/// Tokens that share a scan of a sketch.
#define CK_QUESTIONS_AT_ONCE 16

/// What is asked at once: 4 columns of each part of each token side by side.
typedef struct {
  const int8_t *codes;  // (columns/4, width, 4); what is no token's is 0
  const int32_t *shifts;  // (columns/16, width): -32 times the sum of 16 codes, which is Q6_K's offset
  size_t width;         // 2, 4, 8 or 16
  size_t count;         // tokens
  size_t parts;         // of a token: 1, or 2 whose values add up; the last one's norms are those of both
  ck_question each[CK_QUESTIONS_AT_ONCE];  // (count, parts)
} ck_questions;

/// One path through the machine. All paths give the same bits.
typedef struct {
  const char *name;
  /// out (count, out_stride): rows 16*first_group ..< 16*end_group of `matrix` times each token.
  /// With one scale a row, out = (float(sum of code*weight) * token scale) * row scale. With
  /// several, out = (s0 + s1 + …) * token scale, from the first block on, where s is
  /// float(the block's sum of code*weight) * block scale. Codes are at most 3.
  void (*ternary_matmul)(const ck_ternary_matrix *matrix, const ck_activations *activations,
                         float *out, size_t out_stride, size_t first_group, size_t end_group);
  /// out (tokens, out_stride) = x (tokens, x_stride) times rows 16*first_group ..<
  /// 16*end_group. Each number of the matrix is its float (as `ck_dense_row` gives it); element
  /// k of a row is added to partial sum k mod 4; the result is (s0+s1)+(s2+s3).
  void (*float_matmul)(const ck_dense_matrix *matrix, const float *x, size_t x_stride,
                       size_t tokens, float *out, size_t out_stride, size_t first_group,
                       size_t end_group);
  /// out (n) = (x * 1/sqrt(mean(x*x) + epsilon)) * weight.
  void (*rms_norm)(const float *x, const float *weight, float epsilon, size_t n, float *out);
  /// codes (n) = x * 127/absmax rounded half to even, in -127…127; absmax is at least 1e-5.
  /// Writes absmax/127 and the sum of the codes.
  void (*quantise)(const float *x, size_t n, int8_t *codes, float *scale, int32_t *sum);
  /// out (n) = gate / (1 + exp(-gate)) * up.
  void (*silu_multiply)(const float *gate, const float *up, size_t n, float *out);
  /// out (n) = max(gate, 0)^2 * up.
  void (*squared_relu_multiply)(const float *gate, const float *up, size_t n, float *out);
  /// x (n) += y (n).
  void (*add)(float *x, const float *y, size_t n);
  /// out (head_size) = softmax(query . keys * scale) . values, of each query by itself. scores is
  /// scratch for CK_QUERIES_AT_ONCE times the largest count rounded up to 16. Neighbours that look
  /// equally far share most of the work.
  void (*attention)(const ck_query *queries, size_t count, const ck_history *history, float scale,
                    float *scores);
  /// Writes one key to `lane` of a block of keys (head_size, 16) and one value to its place
  /// (head_size), rounded to the nearest f16, ties to even.
  void (*store)(const float *key, const float *value, size_t head_size, size_t lane,
                uint16_t *keys, uint16_t *values);
  /// Turns pairs of each head of x (heads, head_size) by the angles of `cosines` and `sines`
  /// (half): pair i is (i, i + half), or with `neighbours` (2i, 2i + 1).
  void (*rope)(float *x, size_t heads, size_t head_size, const float *cosines, const float *sines,
               size_t half, int neighbours);
  /// The likeliest `count` tokens (fewer where there are fewer) of logits (n), likeliest first and the
  /// lower id first among equals; what is not a number counts as -infinity. Returns how many were
  /// written.
  size_t (*top)(const float *logits, size_t n, size_t count, int32_t *tokens, float *values);
  /// Rows 16*first_group ..< 16*end_group of a sketch of `matrix`. Null where a path has no use of
  /// sketches.
  void (*_Nullable sketch)(const ck_dense_matrix *matrix, const ck_sketch *sketch,
                           size_t first_group, size_t end_group);
  /// highest (count, stride): upper bounds of what `float_matmul` gives for the rows. Null as above.
  void (*_Nullable bounds)(const ck_sketch *sketch, const ck_questions *questions, float *highest,
                           size_t stride, size_t first_group, size_t end_group);
  /// highest, which `bounds` wrote for question `token`: closer bounds of the rows of a group. `rest`
  /// asks about what the codes of `questions` leave out of the activations; its norms and residuals
  /// are those of both together. Null as above.
  void (*_Nullable narrow)(const ck_sketch *sketch, const ck_questions *questions,
                           const ck_questions *rest, size_t token, float *highest, size_t group);
  /// Multiplies int8 numbers in registers and adds them up, as fast as the machine can, for so many
  /// rounds; returns how many products. For measuring. Null where there is no instruction for it.
  size_t (*_Nullable multiply_at_peak)(size_t rounds);
} ck_kernels;

/// The paths in order of preference, best last; `ck_kernels_at(0)` is the reference.
#define CK_PATHS 3
/// The path with this index, or null when this machine cannot run it.
const ck_kernels *_Nullable ck_kernels_at(size_t index);
/// The layout that the path reads fastest from memory. All paths read both.
ck_ternary_layout ck_layout_at(size_t index);

/// Threads that share the rows of a product. Rows do not depend on each other, so the results
/// do not depend on the number of threads. Used by one thread at a time.
typedef struct ck_workers ck_workers;
/// A pool of `count` threads (at least 1), the caller among them; null without memory. Steps of less
/// than `work_least` multiplications for each chunk are not shared out.
ck_workers *_Nullable ck_workers_create(size_t count, size_t work_least);
void ck_workers_destroy(ck_workers *workers);
/// All rows of `matrix`; see `ternary_matmul`.
void ck_workers_ternary_matmul(ck_workers *workers, const ck_kernels *kernels,
                               const ck_ternary_matrix *matrix,
                               const ck_activations *activations, float *out,
                               size_t out_stride);
/// All rows of `matrix`; see `float_matmul`.
void ck_workers_float_matmul(ck_workers *workers, const ck_kernels *kernels,
                             const ck_dense_matrix *matrix, const float *x, size_t x_stride,
                             size_t tokens, float *out, size_t out_stride);

/// Does `step` for every row below `rows`, each on one of the threads, whose number it is told; `work`
/// is what it takes as a number of multiplications.
void ck_workers_rows(ck_workers *workers,
                     void (*step)(void *context, size_t row, size_t thread), void *context,
                     size_t rows, size_t work);

/// Where a row of a step stands: its slot's keys and values, and its position.
typedef struct {
  uint16_t *cache;  // (key heads, 2, a stream of keys or of values) of one layer
  size_t position;
} ck_place;

/// Attention of all rows of a step in one layer. Rows of one slot stand together.
typedef struct {
  const ck_place *places;  // (count)
  size_t count;
  size_t layer;   // elements from a place's cache to this layer's
  size_t stream;  // elements from a head's keys to its values, and from those to the next's keys
  size_t key_heads, queries_per_key, head_size;
  float scale;
  const float *queries;  // (count, query_stride): all heads of a row
  size_t query_stride;
  float *out;  // (count, out_stride)
  size_t out_stride;
  float *scores;  // (threads, scores_stride)
  size_t scores_stride;
} ck_attention_step;
/// See `attention`; a row attends to its own position and those before it.
void ck_workers_attention(ck_workers *workers, const ck_kernels *kernels,
                          const ck_attention_step *step);

/// All rows; see `sketch` and `bounds`.
void ck_workers_sketch(ck_workers *workers, const ck_kernels *kernels,
                       const ck_dense_matrix *matrix, const ck_sketch *sketch);
/// The most rows that may be kept; more are found sooner by the whole product.
#define CK_HIGHEST_AT_MOST 128
/// Bytes of scratch, for a head of `rows` and a sketch of it of `columns`.
size_t ck_highest_scratch(size_t rows, size_t columns);
/// out (tokens, out_stride) = matrix . each x (tokens, columns) where a row can be among the `keep` (1 to
/// CK_HIGHEST_AT_MOST) highest of the first `count`, else -infinity: they are there, and whatever equals
/// the lowest of them. `scratch` has `ck_highest_scratch` bytes. Returns how many groups of 16 rows were
/// worked out.
size_t ck_workers_highest(ck_workers *workers, const ck_kernels *kernels,
                          const ck_dense_matrix *matrix, const ck_sketch *sketch, const float *x,
                          size_t tokens, size_t count, size_t keep, int8_t *scratch, float *out,
                          size_t out_stride);

// Scalar twins.
void ck_ternary_matmul_reference(const ck_ternary_matrix *matrix,
                                 const ck_activations *activations, float *out,
                                 size_t out_stride, size_t first_group, size_t end_group);
void ck_float_matmul_reference(const ck_dense_matrix *matrix, const float *x, size_t x_stride,
                               size_t tokens, float *out, size_t out_stride, size_t first_group,
                               size_t end_group);
void ck_rms_norm_reference(const float *x, const float *weight, float epsilon, size_t n,
                           float *out);
void ck_quantise_reference(const float *x, size_t n, int8_t *codes, float *scale, int32_t *sum);
void ck_silu_multiply_reference(const float *gate, const float *up, size_t n, float *out);
void ck_squared_relu_multiply_reference(const float *gate, const float *up, size_t n,
                                        float *out);
void ck_add_reference(float *x, const float *y, size_t n);
void ck_attention_reference(const ck_query *queries, size_t count, const ck_history *history,
                            float scale, float *scores);
void ck_store_reference(const float *key, const float *value, size_t head_size, size_t lane,
                        uint16_t *keys, uint16_t *values);
void ck_rope_reference(float *x, size_t heads, size_t head_size, const float *cosines,
                       const float *sines, size_t half, int neighbours);
size_t ck_top_reference(const float *logits, size_t n, size_t count, int32_t *tokens,
                        float *values);

// Steps too small to need a wide path; one definition serves every machine.

/// Fills rows first ..< end of cosines and sines (positions, half) for frequencies (half) in
/// radians a position, times `factor`.
void ck_rope_table(const double *frequencies, double factor, size_t first, size_t end,
                   size_t half, float *cosines, float *sines);
/// x (n) += factor * y (n).
void ck_add_scaled(float *x, const float *y, float factor, size_t n);
/// The sum of x (n), in order.
float ck_sum(const float *x, size_t n);
/// sums (n/64) = the sums of each 64 codes.
void ck_block_sums(const int8_t *codes, size_t n, int32_t *sums);

/// exp for the sampler and for scores, the same on every machine (error below 2 ulp).
double ck_exp(double x);
/// Natural logarithm, the same on every machine (error below 2 ulp); -inf at 0, NaN below.
double ck_log(double x);
/// f16 bits to f32.
float ck_half_to_float(uint16_t bits);
/// f32 to the nearest f16's bits, ties to even; too large becomes infinite.
uint16_t ck_float_to_half(float value);

// Reading weights: file blocks to the packed layout.

/// Formats of a file's ternary blocks: ggml's TQ1_0, TQ2_0 and Q2_0 (in groups of 64 or 128
/// weights; PrismML's PQ2_0 is the latter), PrismML's PTQ1_0, bitnet.cpp's I2_S.
typedef enum {
  CK_TERNARY_TQ1_0,
  CK_TERNARY_TQ2_0,
  CK_TERNARY_I2_S,
  CK_TERNARY_Q2_0_64,
  CK_TERNARY_Q2_0_128,
  CK_TERNARY_PTQ1_0
} ck_ternary_format;

/// Why a ternary block could not be packed.
typedef enum {
  CK_PACKED = 0,
  CK_PACK_BAD_CODE = 1,  // a two-bit code that the format does not have
  CK_PACK_BAD_SCALE = 2  // a scale that is not finite
} ck_pack_status;

/// Writes one row of a file's blocks to row `row` of the packed codes (rows/16, lines, 64),
/// and the scale of each block to `scales` (blocks; I2_S has none). On failure `bad_block` is
/// the block's index. Code 3 of the
/// Q2_0 formats needs two bits.
ck_pack_status ck_pack_ternary_row(ck_ternary_format format, const uint8_t *source,
                                   size_t columns, size_t row, ck_ternary_layout layout,
                                   uint8_t *codes, float *scales, size_t *bad_block);
/// Whether all blocks of a row that are not zeros have the same scale; writes it (0 when all are
/// zeros, or the format has no scales).
int ck_ternary_row_scale(ck_ternary_format format, const uint8_t *source, size_t columns,
                         float *scale);

/// Bytes that a dense matrix of `rows` (a multiple of 16) takes.
size_t ck_dense_bytes(ck_dense_format format, size_t rows, size_t columns);
/// Writes one row as a file holds it to row `row` of a dense matrix's data.
/// Returns the index of the first element, or of its block, that is not finite, or -1.
ptrdiff_t ck_pack_dense_row(const uint8_t *source, ck_dense_format format, size_t columns,
                            size_t row, uint8_t *data);
/// Writes `rows` neighbouring rows from row `first_row` of the matrix on; `data` is aligned to 64
/// bytes. Returns the index among them of one with a number that is not finite, or -1.
ptrdiff_t ck_pack_dense_rows(const uint8_t *source, ck_dense_format format, size_t columns,
                             size_t first_row, size_t rows, uint8_t *data);
/// out (columns) = row `row` of a dense matrix as floats.
void ck_dense_row(const ck_dense_matrix *matrix, size_t row, float *out);
/// Adds all 64-bit words of a buffer: a read whose time is the memory's.
uint64_t ck_sum_words(const uint8_t *bytes, size_t count);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
