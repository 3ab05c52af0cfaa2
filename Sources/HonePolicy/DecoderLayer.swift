import Foundation
import HoneNumerics

// One decoder layer, forward and backward side by side.
//
//   h = RMSNorm(x);  q, k, v = h Wqkv (+ b);  q, k normalised by head (Qwen3), rotated
//   m = x + attention(q, k, v) Wo
//   y = m + (silu(g) * u) Wdown,  g, u = RMSNorm(m) Wgu
//
// Where the policy's precision rounds: the rows that enter a product (`linear`), and k and v after
// their rotation. Nothing else of the forward pass is rounded, whatever is cached in which format.
//
// Sampler and trainer both call `layerForward`; there is no other forward pass.

/// The rows of a forward pass: where they stand, and whose keys they see.
struct RowBatch {
  var rows: Int
  var positions: UnsafePointer<Int32>
}

extension Policy {
  /// x [R, C] -> y [R, C]; `activations.input` is x (set by the caller); y may be x's buffer.
  func layerForward(
    _ index: Int, _ batch: RowBatch, _ a: LayerActivations, scratch: ForwardScratch,
    segments: [AttentionSegment], storesValues: Bool, output: UnsafeMutablePointer<Float>
  ) {
    let (c, layer, rows) = (configuration, layout.layers[index], batch.rows)
    let shape = c.attention
    let width = shape.fusedWidth

    compute.rmsNorm(
      rows: rows, channels: c.hiddenSize, x: a.input, xStride: c.hiddenSize,
      weight: pointer(layer.inputNorm), epsilon: c.rmsNormEpsilon, y: scratch.normed,
      yStride: c.hiddenSize, rstd: a.inputRstd)
    linear(layer.fused, rows: rows, x: scratch.normed, y: a.fused)
    if let bias = layer.fusedBias {
      compute.addBias(
        rows: rows, channels: width, bias: pointer(bias), y: a.fused, yStride: width)
    }
    headNormForward(layer, rows: rows, a)
    compute.rotary(
      rows: rows, heads: shape.heads + shape.keyValueHeads, positions: batch.positions,
      table: rotary, x: a.fused, xStride: width)
    compute.round(
      rows: rows, channels: width - shape.keyOffset, x: a.fused + shape.keyOffset, stride: width,
      format: precision.keyValueCache, tile: c.headSize)
    compute.storeAndAttend(
      shape: shape, segments: segments, fused: a.fused, includingValues: storesValues,
      out: a.attended)
    linear(
      layer.output, rows: rows, x: operand(a.attended, rows: rows, layer.output, scratch),
      y: a.middle)
    compute.add(count: rows * c.hiddenSize, a.input, to: a.middle)

    compute.rmsNorm(
      rows: rows, channels: c.hiddenSize, x: a.middle, xStride: c.hiddenSize,
      weight: pointer(layer.postNorm), epsilon: c.rmsNormEpsilon, y: scratch.normed,
      yStride: c.hiddenSize, rstd: a.middleRstd)
    linear(layer.gateUp, rows: rows, x: scratch.normed, y: a.gateUp)
    compute.swiglu(rows: rows, width: c.intermediateSize, gateUp: a.gateUp, act: scratch.act)
    linear(layer.down, rows: rows, x: scratch.act, y: output)
    compute.add(count: rows * c.hiddenSize, a.middle, to: output)
  }

  /// Goes back through a layer.
  ///
  /// `w.gradient` [R, C] is the gradient to y on entry, to x on return. Overwrites `a.gateUp` and
  /// `a.attended`.
  func layerBackward(
    _ index: Int, _ batch: RowBatch, _ a: LayerActivations, _ w: TrainingWorkspace,
    segments: [AttentionSegment], gradients: Gradients
  ) {
    let (c, layer, rows) = (configuration, layout.layers[index], batch.rows)
    let shape = c.attention
    let width = shape.fusedWidth
    let dy = w.gradient

    // Feed-forward. The activation is cheaper to compute again than to keep.
    compute.swiglu(rows: rows, width: c.intermediateSize, gateUp: a.gateUp, act: w.scratch.act)
    linearBackward(
      layer.down, rows: rows, x: w.scratch.act, dy: dy, dx: w.actGradient, w, gradients: gradients)
    compute.swigluBackward(
      rows: rows, width: c.intermediateSize, gateUp: a.gateUp, dact: w.actGradient,
      dGateUp: a.gateUp)
    renormalise(rows: rows, x: a.middle, rstd: a.middleRstd, norm: layer.postNorm, w.scratch.normed)
    linearBackward(
      layer.gateUp, rows: rows, x: w.scratch.normed, dy: a.gateUp, dx: w.normedGradient, w,
      gradients: gradients)
    normBackward(
      layer.postNorm, rows: rows, x: a.middle, rstd: a.middleRstd, dy: w.normedGradient, dx: dy,
      gradients: gradients)

    // Attention.
    linearBackward(
      layer.output, rows: rows, x: a.attended, dy: dy, dx: w.attendedGradient, w,
      gradients: gradients)
    compute.storeKeyValues(
      shape: shape, segments: segments, fused: a.fused, includingValues: false)
    compute.attentionBackward(
      shape: shape, segments: segments, fused: a.fused, dout: w.attendedGradient,
      dfused: w.fusedGradient, parentScratch: w.parentScratch)
    compute.rotary(
      rows: rows, heads: shape.heads + shape.keyValueHeads, positions: batch.positions,
      table: rotary, x: w.fusedGradient, xStride: width, inverse: true)
    headNormBackward(layer, rows: rows, a, dfused: w.fusedGradient, gradients: gradients)
    if let bias = layer.fusedBias {
      compute.biasGradient(
        rows: rows, channels: width, dy: w.fusedGradient, dyStride: width,
        dbias: gradients.pointer(bias))
    }
    renormalise(rows: rows, x: a.input, rstd: a.inputRstd, norm: layer.inputNorm, w.scratch.normed)
    linearBackward(
      layer.fused, rows: rows, x: w.scratch.normed, dy: w.fusedGradient, dx: w.normedGradient, w,
      gradients: gradients)
    normBackward(
      layer.inputNorm, rows: rows, x: a.input, rstd: a.inputRstd, dy: w.normedGradient, dx: dy,
      gradients: gradients)
  }
}

// MARK: - The pieces, forward beside backward

extension Policy {
  /// y [R, out] = x [R, in] W; x is rounded in place to the operands' format first.
  private func linear(
    _ slice: ParameterLayout.Slice, rows: Int, x: UnsafeMutablePointer<Float>,
    y: UnsafeMutablePointer<Float>
  ) {
    compute.round(
      rows: rows, channels: slice.rows, x: x, stride: slice.rows, format: precision.operands)
    compute.multiply(
      rows: rows, columns: slice.columns, inner: slice.rows, a: x, aStride: slice.rows,
      b: matrix(slice), c: y, cStride: slice.columns, sum: precision.sums)
  }

  /// x itself, or a copy that may be rounded where x is kept as it is for the backward pass.
  private func operand(
    _ x: UnsafeMutablePointer<Float>, rows: Int, _ slice: ParameterLayout.Slice,
    _ scratch: ForwardScratch
  ) -> UnsafeMutablePointer<Float> {
    if precision.operands.isSingle { return x }
    compute.roundedCopy(
      rows: rows, channels: slice.rows, x, to: scratch.normed, format: .fp32)
    return scratch.normed
  }

  /// dx = dy W^T and dW += x^T dy.
  ///
  /// Overwrites x where the precision rounds.
  private func linearBackward(
    _ slice: ParameterLayout.Slice, rows: Int, x: UnsafeMutablePointer<Float>,
    dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, _ w: TrainingWorkspace,
    gradients: Gradients
  ) {
    let format = precision.gradientOperands
    // Rounded along rows for one product and along columns for the other: a copy for each.
    let rounded = w.roundedGradient
    if precision.gradientOperands.isScaled {
      compute.roundColumns(rows: rows, channels: slice.rows, x: x, format: precision.operands)
    } else {
      compute.round(
        rows: rows, channels: slice.rows, x: x, stride: slice.rows, format: precision.operands)
    }
    if let rounded {
      compute.columnRoundedCopy(
        rows: rows, channels: slice.columns, dy, to: rounded, format: format)
    }
    gradients.add(to: slice, compute) { sum in
      compute.multiplyWeightGradient(
        rows: rows, columns: slice.columns, inner: slice.rows, a: x, aStride: slice.rows,
        dc: rounded.map { UnsafePointer($0) } ?? dy, dcStride: slice.columns,
        db: sum, dbStride: slice.columns, sum: precision.sums)
    }
    if let rounded {
      compute.roundedCopy(rows: rows, channels: slice.columns, dy, to: rounded, format: format)
    }
    compute.multiplyInputGradient(
      rows: rows, columns: slice.columns, inner: slice.rows,
      dc: rounded.map { UnsafePointer($0) } ?? dy, dcStride: slice.columns, b: matrix(slice),
      da: dx, daStride: slice.rows, accumulation: .set, sum: precision.sums)
  }

  /// The norm's output once more, for the gradient of the matrix that read it.
  private func renormalise(
    rows: Int, x: UnsafePointer<Float>, rstd: UnsafeMutablePointer<Float>,
    norm: ParameterLayout.Slice, _ y: UnsafeMutablePointer<Float>
  ) {
    compute.rmsNorm(
      rows: rows, channels: norm.columns, x: x, xStride: norm.columns, weight: pointer(norm),
      epsilon: configuration.rmsNormEpsilon, y: y, yStride: norm.columns, rstd: rstd)
  }

  private func normBackward(
    _ norm: ParameterLayout.Slice, rows: Int, x: UnsafePointer<Float>, rstd: UnsafePointer<Float>,
    dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, gradients: Gradients
  ) {
    compute.rmsNormBackward(
      rows: rows, channels: norm.columns, x: x, xStride: norm.columns, weight: pointer(norm),
      rstd: rstd, dy: dy, dyStride: norm.columns, dx: dx, dxStride: norm.columns,
      accumulation: .add, dweight: gradients.pointer(norm))
  }

  /// Normalises each query and key head in place (Qwen3), keeping what they were.
  private func headNormForward(
    _ layer: ParameterLayout.Layer, rows: Int, _ a: LayerActivations
  ) {
    guard let queryNorm = layer.queryNorm, let keyNorm = layer.keyNorm, let before = a.unnormed,
      let rstd = a.headRstd
    else { return }
    let (c, shape) = (configuration, configuration.attention)
    let kept = shape.valueOffset
    for row in 0..<rows {
      memcpy(
        before + row * kept, a.fused + row * shape.fusedWidth, kept * MemoryLayout<Float>.stride)
    }
    compute.headNorm(
      rows: rows, heads: c.heads, headSize: c.headSize, x: a.fused, xStride: shape.fusedWidth,
      weight: pointer(queryNorm), epsilon: c.rmsNormEpsilon, rstd: rstd)
    compute.headNorm(
      rows: rows, heads: c.keyValueHeads, headSize: c.headSize, x: a.fused + shape.keyOffset,
      xStride: shape.fusedWidth, weight: pointer(keyNorm), epsilon: c.rmsNormEpsilon,
      rstd: rstd + rows * c.heads)
  }

  private func headNormBackward(
    _ layer: ParameterLayout.Layer, rows: Int, _ a: LayerActivations,
    dfused: UnsafeMutablePointer<Float>, gradients: Gradients
  ) {
    guard let queryNorm = layer.queryNorm, let keyNorm = layer.keyNorm, let before = a.unnormed,
      let rstd = a.headRstd
    else { return }
    let (c, shape) = (configuration, configuration.attention)
    compute.headNormBackward(
      rows: rows, heads: c.heads, headSize: c.headSize, x: before, xStride: shape.valueOffset,
      weight: pointer(queryNorm), rstd: rstd, dy: dfused, dyStride: shape.fusedWidth,
      dweight: gradients.pointer(queryNorm))
    compute.headNormBackward(
      rows: rows, heads: c.keyValueHeads, headSize: c.headSize, x: before + shape.keyOffset,
      xStride: shape.valueOffset, weight: pointer(keyNorm), rstd: rstd + rows * c.heads,
      dy: dfused + shape.keyOffset, dyStride: shape.fusedWidth,
      dweight: gradients.pointer(keyNorm))
  }
}
