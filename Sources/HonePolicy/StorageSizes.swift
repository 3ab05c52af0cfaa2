import Foundation
import HoneNumerics

// What training and sampling allocate, by use, for plans of memory. `TensorStorageTests` holds these
// sums against what is in fact allocated.

extension Precision {
  /// Bytes of a layout's weights as the products read them, and of what only an update reads.
  package func weightBytes(_ layout: ParameterLayout) -> (weights: Int, masters: Int) {
    var (weights, masters) = (4 * layout.count, 0)
    for slice in layout.slices where slice.rows > 1 {
      let format = layout.isLayerMatrix(slice) ? self.weights : embeddings
      if format == .bf16 {
        weights -= 2 * slice.count
        if self.masters.isSingle { masters += 2 * slice.count }
      } else if !format.isSingle {
        // Read in blocks from the masters: only the scales are more.
        weights -= 4 * slice.count
        weights += WeightMatrix.blocks(slice.rows) * WeightMatrix.blocks(slice.columns)
        masters += 4 * slice.count
      }
    }
    return (weights, masters)
  }
}

extension TrainingWorkspace {
  /// Floats of a workspace beside the cached activations: gradients of rows, keys in blocks, the
  /// parents' gradients, and one chunk of logits.
  package static func scratchFloats(
    _ c: PolicyConfiguration, rows: Int, segments: Int, parentRows: Int, precision: Precision,
    recomputes: Bool = false
  ) -> Int {
    let shape = c.attention
    let keyWidth = shape.keyValueHeads * c.headSize
    // Where activations are kept otherwise, those of the layer at work are here.
    let isShared = precision.encodesActivations || recomputes
    let working = isShared ? LayerActivations.floats(c, rows: rows) : 0
    return working + rows * roundedWidth(c, precision) + ForwardScratch.floats(c, rows: rows)
      + rows * (3 * c.hiddenSize + c.intermediateSize + shape.fusedWidth + shape.keyOffset)
      + keyWidth * (rows + 16 * segments) + 16 + 2 * keyWidth * parentRows
      + headChunk * (3 * c.hiddenSize + 1 + c.vocabularySize) + 16 * 32
      + layerCodeFloats(c, precision)
  }
}

extension TrainingWorkspace {
  /// How many buffers make up the cached activations, and how many the rest of a workspace.
  package static func pieces(_ c: PolicyConfiguration) -> (cached: Int, scratch: Int) {
    (9 * c.layers, 18)
  }
}

extension Generator {
  /// The positions of a cache whose memory is resident once a completion of `length` tokens was in it.
  ///
  /// The keys, and the values, of each head lie one after another in memory that begins a page: resident are
  /// the pages that hold the first `length` positions of any.
  package static func residentPositions(
    _ c: PolicyConfiguration, length: Int, capacity: Int, format: NumberFormat
  ) -> Int {
    let row = EncodedRows(format: format, channels: c.headSize, tile: c.headSize).rowBytes
    let (page, regions) = (Int(getpagesize()), 2 * c.layers * c.keyValueHeads)
    let used = min(length, capacity) * row
    var (pages, next) = (0, 0)
    for region in 0..<regions where used > 0 {
      let start = region * capacity * row
      let end = (start + used - 1) / page + 1
      pages += end - max(next, start / page)
      next = end
    }
    let position = regions * row
    return min(capacity, (pages * page + position - 1) / position)
  }

  /// Floats of keys and values of one prompt or completion of up to `positions` tokens.
  package static func cacheFloats(
    _ c: PolicyConfiguration, positions: Int, format: NumberFormat
  ) -> Int {
    CachedKeyValues.floats(
      c, capacity: CachedKeyValues.capacity(for: positions), format: format)
  }

  /// Floats of the codes of weights while sampling, where nobody has memory to spare for them.
  package static func codeFloats(_ layout: ParameterLayout, precision: Precision) -> Int {
    precision.encodesWeights ? layout.codeFloats : 0
  }

  /// Rows of a pass over prompts.
  static func scratchRows(_ rows: Int) -> Int { max(rows, 256) }

  /// Floats of a generator of `rows` rows beside its caches: activations of one layer, logits.
  package static func scratchFloats(_ c: PolicyConfiguration, rows: Int) -> Int {
    let passRows = scratchRows(rows)
    return LayerActivations.floats(c, rows: passRows) + ForwardScratch.floats(c, rows: passRows)
      + rows * (2 * c.hiddenSize + c.vocabularySize + 1) + 64
  }
}
