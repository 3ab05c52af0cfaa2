// Attention of one new token of each of several sequences that share a parent: what decoding the
// samples of a prompt asks for. The parent's keys and values are read once for all of them; each
// row's bits are those of `attentionForward`.

static void decodeAttention(long sequences, long heads, long D, const float *q, long qStride,
                            const HoneAttentionKeys *keys, const long *owns, float scale,
                            float *out, long outStride, float *scratch, long width) {
  const long parent = keys[0].parentLength;
  float sums[honeDecodeRows];
  // Scores: row s * heads + h of the scratch belongs to head h of sequence s.
  for (long h = 0; h < heads; h++)
    chainMultiply(sequences, parent, D, q + h * D, qStride, 1, keyBlocks(keys[0].parentKeys, D),
                  scratch + h * width, heads * width, HoneSet, 1);
  for (long s = 0; s < sequences; s++) {
    float *rows = scratch + s * heads * width;
    chainMultiply(heads, owns[s], D, q + s * qStride, D, 1, keyBlocks(keys[s].ownKeys, D),
                  rows + parent, width, HoneSet, 1);
    for (long h = 0; h < heads; h++)
      sums[s * heads + h] =
          exponentials(rows + h * width, parent + owns[s], parent + owns[s], scale);
  }
  for (long h = 0; h < heads; h++)
    chainMultiply(sequences, D, parent, scratch + h * width, heads * width, 1,
                  plainRows(keys[0].parentValues, keys[0].parentValueStride), out + h * D, outStride,
                  HoneSet, 0);
  for (long s = 0; s < sequences; s++) {
    float *to = out + s * outStride;
    chainMultiply(heads, D, owns[s], scratch + s * heads * width + parent, width, 1,
                  plainRows(keys[s].ownValues, keys[s].ownValueStride), to, D, HoneContinue, 0);
    for (long h = 0; h < heads; h++) {
      const float inverse = 1.0f / sums[s * heads + h];
      for (long d = 0; d < D; d++) to[h * D + d] *= inverse;
    }
  }
}
