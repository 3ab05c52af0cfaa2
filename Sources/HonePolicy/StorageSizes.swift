import HoneNumerics

// What training and sampling allocate, by use, for plans of memory. `MemoryPlanTests` holds these
// sums against what is in fact allocated.

extension TrainingWorkspace {
  /// Floats that a forward pass over `rows` rows keeps for its backward pass, all layers together.
  package static func cachedFloats(_ c: PolicyConfiguration, rows: Int) -> Int {
    c.layers * LayerActivations.floats(c, rows: rows)
  }

  /// Floats of a workspace beside the cached activations: gradients of rows, transposed keys, the
  /// parents' gradients, and one chunk of logits.
  package static func scratchFloats(
    _ c: PolicyConfiguration, rows: Int, segments: Int, parentRows: Int
  ) -> Int {
    let shape = c.attention
    let keyWidth = shape.keyValueHeads * c.headSize
    return ForwardScratch.floats(c, rows: rows)
      + rows * (3 * c.hiddenSize + c.intermediateSize + shape.fusedWidth + shape.keyOffset)
      + keyWidth * (rows + 16 * segments) + 16 + 2 * keyWidth * parentRows
      + headChunk * (3 * c.hiddenSize + 1 + c.vocabularySize) + 16 * 32
  }
}

extension Generator {
  /// Floats of keys and values of one prompt or completion of up to `positions` tokens.
  package static func cacheFloats(_ c: PolicyConfiguration, positions: Int) -> Int {
    CachedKeyValues.floats(c, capacity: CachedKeyValues.capacity(for: positions))
  }

  /// Floats of a generator of `rows` rows beside its caches: activations of one layer, logits.
  package static func scratchFloats(_ c: PolicyConfiguration, rows: Int) -> Int {
    let passRows = max(rows, 256)
    return LayerActivations.floats(c, rows: passRows) + ForwardScratch.floats(c, rows: passRows)
      + rows * (2 * c.hiddenSize + c.vocabularySize + 1) + 64
  }
}
