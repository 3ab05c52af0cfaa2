import Foundation
import HoneNumerics

// The whole policy over a packed batch: embedding, layers, head; and back.

extension Policy {
  /// Log-probability and entropy of every completion token of a batch, without gradients.
  ///
  /// - Note: the same bits as those recorded while sampling, for any packing of the batch.
  public func score(
    _ batch: PackedBatch, workspace: TrainingWorkspace, temperature: Float = 1
  ) -> [TokenScore] {
    forward(batch, workspace)
    return head(batch, workspace, temperature: temperature, gradients: nil) { _, _ in [] }
  }

  /// One forward and backward pass: adds the gradient of a loss over a batch to `gradients`.
  ///
  /// - Parameters:
  ///   - gradients: of this policy's layout; added to.
  ///   - objective: called once a chunk of predictions, in order, with their range and scores;
  ///     returns d loss / d log p (and / d entropy) of each. An error leaves `gradients` unusable.
  /// - Returns: the scores of the forward pass.
  @discardableResult
  public func backpropagate<Failure: Error>(
    _ batch: PackedBatch, workspace: TrainingWorkspace, temperature: Float = 1,
    gradients: Gradients,
    objective: (Range<Int>, [TokenScore]) throws(Failure) -> [TokenGradient]
  ) throws(Failure) -> [TokenScore] {
    precondition(gradients.layout == layout, "gradients of another layout")
    forward(batch, workspace)
    let scores = try head(
      batch, workspace, temperature: temperature, gradients: gradients, gradient: objective)
    backward(batch, workspace, gradients: gradients)
    return scores
  }

  /// The logits of every row of a batch, [rows, V]: for tests and tools, not for training.
  public func allLogits(_ batch: PackedBatch, workspace: TrainingWorkspace) -> [Float] {
    forward(batch, workspace)
    let vocabulary = configuration.vocabularySize
    var result = [Float](repeating: 0, count: batch.rows * vocabulary)
    result.withUnsafeMutableBufferPointer { out in
      guard let base = out.baseAddress else { return }
      for row in 0..<batch.rows {
        logits(
          rows: 1, x: workspace.output + row * configuration.hiddenSize,
          normed: workspace.headNormed, rstd: workspace.headRstd, logits: base + row * vocabulary)
      }
    }
    return result
  }

  private func forward(_ batch: PackedBatch, _ w: TrainingWorkspace) {
    precondition(
      batch.rows <= w.maximumRows, "\(batch.rows) rows in a workspace for \(w.maximumRows)")
    precondition(w.precision == precision, "a workspace for another precision")
    prepareRotary(batch.positions)
    embed(batch.tokens, into: w.layer(0).input)
    batch.positions.withUnsafeBufferPointer { positions in
      guard let base = positions.baseAddress else { return }
      let rows = RowBatch(rows: batch.rows, positions: base)
      for index in 0..<configuration.layers {
        let layer = w.layer(index)
        let last = index == configuration.layers - 1
        w.keepInput(index, rows: batch.rows)
        withCodes(of: index, w) {
          layerForward(
            index, rows, layer, scratch: w.scratch,
            segments: segments(of: batch, layer: layer, w), storesValues: false,
            output: last || w.isShared ? w.output : w.layer(index + 1).input)
        }
        guard w.isShared else { continue }
        if !w.recomputes { w.keep(index, rows: batch.rows, compute) }
        // One layer's activations exist at a time: the output becomes the input of the next.
        if !last {
          memcpy(
            layer.input, w.output,
            batch.rows * configuration.hiddenSize * MemoryLayout<Float>.stride)
        }
      }
    }
  }

  private func backward(_ batch: PackedBatch, _ w: TrainingWorkspace, gradients: Gradients) {
    batch.positions.withUnsafeBufferPointer { positions in
      guard let base = positions.baseAddress else { return }
      let rows = RowBatch(rows: batch.rows, positions: base)
      for index in (0..<configuration.layers).reversed() {
        let layer = w.layer(index)
        withCodes(of: index, w) {
          if w.recomputes {
            w.restoreInput(index, rows: batch.rows)
            layerForward(
              index, rows, layer, scratch: w.scratch,
              segments: segments(of: batch, layer: layer, w), storesValues: false,
              output: w.output)
            // Rounded as if it had been kept since then.
            w.keep(index, rows: batch.rows, compute)
          }
          w.restore(index, rows: batch.rows, compute)
          layerBackward(
            index, rows, layer, w, segments: segments(of: batch, layer: layer, w),
            gradients: gradients)
        }
      }
    }
    embedBackward(batch.tokens, w.gradient, gradients: gradients)
  }

  private func withCodes(of layer: Int, _ w: TrainingWorkspace, _ body: () -> Void) {
    guard let memory = w.layerCodes else { return body() }
    withCodes(of: layout.layers[layer...layer], in: memory, body)
  }

  /// Rows of the embedding, [R, C].
  func embed(_ tokens: [Int32], into x: UnsafeMutablePointer<Float>) {
    let channels = configuration.hiddenSize
    let table = matrix(layout.embedding)
    for (row, token) in tokens.enumerated() {
      precondition(
        token >= 0 && Int(token) < configuration.vocabularySize,
        "token \(token) is outside the vocabulary of \(configuration.vocabularySize)")
      compute.read(table, row: Int(token), count: channels, to: x + row * channels)
    }
  }

  /// The embedding's gradient: each row's, added in row order.
  private func embedBackward(
    _ tokens: [Int32], _ dx: UnsafePointer<Float>, gradients: Gradients
  ) {
    let channels = configuration.hiddenSize
    let table = gradients.pointer(layout.embedding)
    for (row, token) in tokens.enumerated() {
      compute.add(count: channels, dx + row * channels, to: table + Int(token) * channels)
    }
  }

  /// A batch's segments over one layer's activations: values are read where they lie, keys from the
  /// copy in blocks that `storeKeyValues` makes.
  private func segments(
    of batch: PackedBatch, layer: LayerActivations, _ w: TrainingWorkspace
  ) -> [AttentionSegment] {
    let shape = configuration.attention
    var result: [AttentionSegment] = []
    result.reserveCapacity(batch.segments.count)
    var keys = w.keys
    for segment in batch.segments {
      let capacity = KeyValues.capacity(for: segment.rows)
      let own = KeyValues(
        keys: keys, capacity: capacity,
        values: layer.fused + segment.firstRow * shape.fusedWidth + shape.valueOffset,
        valueHeadStride: shape.headSize, valueStride: shape.fusedWidth)
      keys += capacity * shape.keyValueHeads * shape.headSize
      var attention = AttentionSegment(
        firstRow: segment.firstRow, rows: segment.rows, firstOwn: 0, own: own)
      if let parent = segment.parent {
        attention.parent = result[parent].own
        attention.parentLength = batch.segments[parent].rows
        attention.parentFirstRow = batch.segments[parent].firstRow
      }
      result.append(attention)
    }
    return result
  }
}
