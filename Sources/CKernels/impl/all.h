// Every kernel once, for the instruction set of the file that includes this one.
#include "CKernels.h"

#include "scratch.h"
#include "vector.h"

#include "formats.h"

#include "matmul.h"

#include "norm.h"
#include "rotary.h"
#include "swiglu.h"

#include "elementwise.h"

#include "attention.h"
#include "decodeattention.h"
#include "softmax.h"

#define HONE_KERNEL_TABLE(isa)                                                                 \
  {                                                                                            \
    .name = isa, .matmul = matmul, .rmsNormForward = rmsNormForward,                           \
    .rmsNormBackward = rmsNormBackward, .rmsNormWeightGradient = rmsNormWeightGradient,        \
    .rotary = rotary, .swigluForward = swigluForward, .swigluBackward = swigluBackward,        \
    .attentionForward = attentionForward, .decodeAttention = decodeAttention,                  \
    .attentionBackward = attentionBackward,                                                    \
    .softmaxStatistics = softmaxStatistics, .softmaxBackward = softmaxBackward,                \
    .sampleRow = sampleRow, .add = add, .addToHalf = addToHalf, .addBias = addBias,            \
    .biasGradient = biasGradient,                                                              \
    .sumOfSquares = sumOfSquares, .adamW = adamW, .splitWeights = splitWeights,                \
    .joinWeights = joinWeights, .largestMagnitude = largestMagnitude, .roundRows = roundRows,  \
    .roundColumns = roundColumns, .encode = encode, .decode = decode,                          \
    .encodeScaled = encodeScaled, .readWeights = readWeights, .transpose = transpose           \
  }
