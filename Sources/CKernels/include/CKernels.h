// Vector kernels of the forward and backward pass, chosen at run time.
//
// Every kernel is written once, in impl/*.h, over a vector of eight floats, and compiled once for
// each instruction set (portable.c, avx2.c, avx512.c). The order of every addition is therefore the same in
// all of them; adding an instruction set is one more small .c file and one row in dispatch.c.
//
// Legend: R rows, C channels, D head size, F feed-forward width, V vocabulary, K summed length.
// All buffers are fp32, row-major, need no alignment, and must not overlap unless a comment says so.
// No kernel allocates; none keeps state. A kernel that works on rows treats each row alone: a row's
// bits do not depend on its neighbours or on how many there are.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// How a product meets what is already in C.
enum {
  HoneSet = 0,       // C = 0 + sum
  HoneAdd = 1,       // C = C + sum
  HoneContinue = 2,  // the chain of fused multiply-adds starts from C
};

// The most rows (sequences times heads) of a task of decodeAttention.
enum { honeDecodeRows = 64 };

// The keys and values one query segment looks at, for one key/value head: a parent (a prompt shared
// by a group; may be empty) and then its own keys. Keys lie in blocks of honeKeyBlock positions, each
// [D, 16], so that sixteen keys are scored at once and memory is read in order; blocks are whole, and
// read whole. Values are rows of D.
enum { honeKeyBlock = 16 };
typedef struct {
  const float *parentKeys;
  const float *parentValues;
  long parentLength, parentValueStride;
  const float *ownKeys;
  const float *ownValues;
  long ownValueStride;
} HoneAttentionKeys;

// What AdamW reads and changes. Each number lies in one form; the pointers of the others are null.
typedef struct {
  const float *gradients;    // fp32
  const uint16_t *gradients16;  // or bf16
  float *parameters;         // fp32
  uint16_t *high, *low;      // or bf16, rounded to nearest (ties up), and the signed rest of fp32
                             // or bf16 alone: an update is rounded stochastically under `weightKey`
  float *first, *second;     // moments in fp32
  uint16_t *first16, *second16;  // or in bf16
  // bf16 moments are rounded to nearest even, or, if `stochastic`, up with the probability of what
  // is cut off: by Philox 4x32-10 under `key`, counted by element / 8 * 2 for the first
  // moment and one more for the second: its words give eight elements 16 bits each, low half first.
  int stochastic;
  uint32_t key[2];
  uint32_t weightKey[2];  // likewise, counted by element / 8
  uint64_t element;       // number of the first element, a multiple of 8
} HoneAdamState;

// A small float: sign, exponent and mantissa bits, exponent bias; `maximum` is its largest number.
// The code of all ones is NaN; rounding saturates, so infinities are never stored.
typedef struct {
  int exponentBits, mantissaBits, bias;
  float maximum;
} HoneFormat;

// How a matrix B lies in memory. `stride` counts elements. Blocks are honeBlock x honeBlock of the
// stored matrix, each with a power of two as its scale.
enum {
  HoneWeightsFloat = 0,   // fp32
  HoneWeightsHalf = 1,    // the high 16 bits of fp32 (bf16)
  HoneWeightsBlocks = 2,  // fp32, read as if rounded to `format` at its block's scale
  // Codes of `format` (at most 8 bits) in a byte each, at their block's scale: none is NaN, no
  // exponent above the format's bias.
  HoneWeightsCodes = 3,
};
enum { honeBlock = 128 };
typedef struct {
  const void *data;
  long stride;
  int kind;
  int transposed;  // B(k, n) lies at row n, column k
  HoneFormat format;
  const int8_t *exponents;  // row of blocks after row of blocks
  long exponentStride;
} HoneWeights;

// How the sum over K is made. chunk 0: the house order, in fp32. Else K is cut into slices of
// `chunk`; each slice's sum is rounded to `significant` bits (24: not at all) and added in fp32.
typedef struct {
  long chunk;  // a multiple of 8, at most 320
  int significant;
} HoneAccumulation;

typedef struct {
  const char *name;

  // Rows [m0, m1) x columns [n0, n1) of C = A B, n1 - n0 <= 64, every element the house order:
  // sequential FMA over K in blocks (remaining length l: 320 if l >= 640; half of l rounded up to
  // a multiple of 8 if l > 320; else l), each block's sum added to C.
  // A(m, k) = a[m * aRow + k * aColumn]; with rounded sums one of the two steps is 1. n0 is a
  // multiple of 64.
  void (*matmul)(long m0, long m1, long n0, long n1, long K, const float *a, long aRow,
                 long aColumn, const HoneWeights *b, float *c, long ldc, int mode,
                 HoneAccumulation accumulation);

  // The largest magnitude of [rows, columns]; NaN counts as nothing.
  float (*largestMagnitude)(long rows, long columns, const float *x, long stride);
  // Rounds rows in place, in tiles of `tile` (a multiple of 8) columns, each at its own scale; 0: no
  // scale.
  void (*roundRows)(long rows, long C, float *x, long xStride, long tile, HoneFormat format);
  // The same with tiles of `tile` rows of one column.
  void (*roundColumns)(long rows, long C, float *x, long xStride, long tile, HoneFormat format);
  // n numbers as codes of 8, 12 or 16 bits (the fewest that hold the format), eight after eight in as
  // many bytes as a code has bits; a scale's exponent for each tile.
  void (*encode)(long n, const float *x, long tile, HoneFormat format, uint8_t *codes,
                 int8_t *exponents);
  void (*decode)(long n, const uint8_t *codes, const int8_t *exponents, long tile,
                 HoneFormat format, float *x);
  // n numbers as codes of 8 bits, each honeBlock of them at the scale of the given exponent. Returns
  // whether any is NaN.
  int (*encodeScaled)(long n, const float *x, const int8_t *exponents, HoneFormat format,
                      uint8_t *codes);
  // n elements of one stored row of a matrix, as the products read them.
  void (*readWeights)(const HoneWeights *w, long row, long column, long n, float *x);

  // y = x * rstd * weight; rstd[r] = 1 / sqrt(mean(x^2) + epsilon).
  void (*rmsNormForward)(long rows, long C, const float *x, long xStride, const float *weight,
                         float epsilon, float *y, long yStride, float *rstd, long rstdStride);
  // dx = (or +=, if accumulate) the gradient to x; dy may be dx when not accumulating.
  void (*rmsNormBackward)(long rows, long C, const float *x, long xStride, const float *weight,
                          const float *rstd, long rstdStride, const float *dy, long dyStride,
                          float *dx, long dxStride, int accumulate);
  // dweight[c] += sum over rows, in row order, of dy * x * rstd, for channels [c0, c1).
  void (*rmsNormWeightGradient)(long rows, long c0, long c1, const float *x, long xStride,
                                const float *rstd, long rstdStride, const float *dy,
                                long dyStride, float *dweight);

  // Rotates pairs (i, i + D/2) of each of `heads` consecutive heads in place, by the angle of the
  // row's position. table: [positions, D]: D/2 cosines, then D/2 sines. inverse: rotates back.
  void (*rotary)(long rows, long heads, long D, const int32_t *positions, const float *table,
                 float *x, long xStride, int inverse);

  // gateUp: [rows, 2F], gate then up. act = silu(gate) * up.
  void (*swigluForward)(long rows, long F, const float *gateUp, float *act);
  // dGateUp may be gateUp itself (in place).
  void (*swigluBackward)(long rows, long F, const float *gateUp, const float *dact,
                         float *dGateUp);

  // Causal attention of `rows` query rows of `heads` consecutive query heads that share one
  // key/value head. Query row r sees the whole parent and own keys [0, firstOwn + r].
  // q row r, head h: q + r * qStride + h * D; out likewise. scratch: honeAttentionScratch floats.
  void (*attentionForward)(long rows, long heads, long D, const float *q, long qStride,
                           HoneAttentionKeys keys, long firstOwn, float scale, float *out,
                           long outStride, float *scratch);
  // The same for one new row of each of `sequences` sequences with the same parent (length 0: none).
  // Sequence s has its query at q + s * qStride and sees owns[s] own keys. sequences * heads is at
  // most honeDecodeRows; scratch: that many rows of `width` floats, the parent's length and the
  // largest of owns rounded up to 16.
  void (*decodeAttention)(long sequences, long heads, long D, const float *q, long qStride,
                          const HoneAttentionKeys *keys, const long *owns, float scale,
                          float *out, long outStride, float *scratch, long width);
  // Backward of the same. dq is set. The gradients to the own keys and values, and to the parent's,
  // are added: dk row t at dOwnKeys + t * dKeyStride, the parent's at dParentKeys + t * D
  // (contiguous [parentLength, D]; null without a parent). Keys are also needed row by row:
  // ownKeyRows + t * keyRowStride, parentKeyRows + t * parentKeyRowStride.
  void (*attentionBackward)(long rows, long heads, long D, const float *q, long qStride,
                            HoneAttentionKeys keys, const float *ownKeyRows, long keyRowStride,
                            const float *parentKeyRows, long parentKeyRowStride, float scale,
                            const float *dout, long doutStride, float *dq, long dqStride,
                            float *dOwnKeys, float *dOwnValues, long dKeyStride,
                            float *dParentKeys, float *dParentValues, float *scratch);

  // Of one row of logits divided by the temperature: out[0] = maximum, out[1] = sum of
  // exp(l - maximum), out[2] = entropy in nats.
  void (*softmaxStatistics)(long V, const float *logits, float inverseTemperature, float *out);
  // logits (of one row) become d/dlogits of: logprobCoefficient * log p(target)
  // + entropyCoefficient * entropy. In place.
  void (*softmaxBackward)(long V, float *logits, float inverseTemperature, float maximum,
                          float sum, float entropy, int32_t target, float logprobCoefficient,
                          float entropyCoefficient);
  // The token whose cumulative probability first exceeds uniform (in [0, 1)), tokens in index
  // order, sums in double.
  int32_t (*sampleRow)(long V, const float *logits, float inverseTemperature, float maximum,
                       double uniform);

  // y [columns, rows] = x [rows, columns], transposed.
  void (*transpose)(long rows, long columns, const float *x, long xStride, float *y, long yStride);
  // y += x.
  void (*add)(long n, const float *x, float *y);
  // y (bf16) = y + x in fp32, rounded to nearest even; x becomes 0.
  void (*addToHalf)(long n, float *x, uint16_t *y);
  // Each row y += bias.
  void (*addBias)(long rows, long C, const float *bias, float *y, long yStride);
  // dbias[c] += sum over rows in row order, for channels [c0, c1).
  void (*biasGradient)(long rows, long c0, long c1, const float *dy, long dyStride, float *dbias);

  // Sum of squares in double: eight lanes over the index, lanes added in order.
  double (*sumOfSquares)(long n, const float *x);
  // AdamW (Loshchilov & Hutter 2019, algorithm 2, as PyTorch computes it):
  // p *= decayFactor; m, v updated from g * gradientScale; p -= stepSize * m / (sqrt(v) /
  // sqrtBias2 + epsilon). The betas come in double: 1 - beta is rounded once. Returns 1 where every
  // p, m and v that came out is finite, else 0.
  int (*adamW)(long n, HoneAdamState state, float gradientScale, float decayFactor, double beta1,
                double beta2, float stepSize, float sqrtBias2, float epsilon);
  // fp32 to its two halves (see HoneAdamState) and back, exactly.
  void (*splitWeights)(long n, const float *x, uint16_t *high, uint16_t *low);
  void (*joinWeights)(long n, const uint16_t *high, const uint16_t *low, float *x);
} HoneKernels;

// The exponent of the scale of a tile whose largest magnitude is `top`: the smallest power of two
// that brings it into the format's range.
int honeTileExponent(float top, HoneFormat format);

// Floats of scratch that attention needs for `rows` query rows of head size D over `keys` keys.
long honeAttentionForwardScratch(long keys);
long honeAttentionBackwardScratch(long keys, long D);

// The length of the next block of a sum of which `remaining` elements are left (the house order).
long honeNextBlock(long remaining);

// The kernels of an instruction set by name ("portable", "avx2", "avx512"), or null where this machine
// cannot run them; with a null name the best that this machine can run.
const HoneKernels *honeKernels(const char *name);

// Writes the instruction sets that this processor has and the system enables, of those that matter to
// products: comma-separated, by Linux's names ("avx2,fma,avx512f,amx_bf16"); none is an empty text. 256 bytes
// hold them all.
void honeCPUFeatures(char *text, long size);

#ifdef __cplusplus
}
#endif
#endif
