import Foundation
import HoneNumerics

// One decoder layer, forward and backward side by side.
//
//   h = RMSNorm(x);  q, k, v = h Wqkv (+ b);  q, k normalised by head (Qwen3), rotated
//   m = x + attention(q, k, v) Wo
//   y = m + (silu(g) * u) Wdown,  g, u = RMSNorm(m) Wgu
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
    compute.storeKeyValues(
      shape: shape, segments: segments, fused: a.fused, includingValues: storesValues)
    compute.attention(shape: shape, segments: segments, fused: a.fused, out: a.attended)
    linear(layer.output, rows: rows, x: a.attended, y: a.middle)
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
  /// `w.gradient` [R, C] is the gradient to y on entry, to x on return. Overwrites `a.gateUp`.
  func layerBackward(
    _ index: Int, _ batch: RowBatch, _ a: LayerActivations, _ w: TrainingWorkspace,
    segments: [AttentionSegment], gradients: TensorBuffer
  ) {
    let (c, layer, rows) = (configuration, layout.layers[index], batch.rows)
    let shape = c.attention
    let width = shape.fusedWidth
    let dy = w.gradient

    // Feed-forward. The activation is cheaper to compute again than to keep.
    compute.swiglu(rows: rows, width: c.intermediateSize, gateUp: a.gateUp, act: w.scratch.act)
    linearBackward(
      layer.down, rows: rows, x: w.scratch.act, dy: dy, dx: w.actGradient, gradients: gradients)
    compute.swigluBackward(
      rows: rows, width: c.intermediateSize, gateUp: a.gateUp, dact: w.actGradient,
      dGateUp: a.gateUp)
    renormalise(rows: rows, x: a.middle, rstd: a.middleRstd, norm: layer.postNorm, w.scratch.normed)
    linearBackward(
      layer.gateUp, rows: rows, x: w.scratch.normed, dy: a.gateUp, dx: w.normedGradient,
      gradients: gradients)
    normBackward(
      layer.postNorm, rows: rows, x: a.middle, rstd: a.middleRstd, dy: w.normedGradient, dx: dy,
      gradients: gradients)

    // Attention.
    linearBackward(
      layer.output, rows: rows, x: a.attended, dy: dy, dx: w.attendedGradient,
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
        dbias: gradients.pointer + bias.offset)
    }
    renormalise(rows: rows, x: a.input, rstd: a.inputRstd, norm: layer.inputNorm, w.scratch.normed)
    linearBackward(
      layer.fused, rows: rows, x: w.scratch.normed, dy: w.fusedGradient, dx: w.normedGradient,
      gradients: gradients)
    normBackward(
      layer.inputNorm, rows: rows, x: a.input, rstd: a.inputRstd, dy: w.normedGradient, dx: dy,
      gradients: gradients)
  }
}

// MARK: - The pieces, forward beside backward

extension Policy {
  /// y [R, out] = x [R, in] W.
  private func linear(
    _ slice: ParameterLayout.Slice, rows: Int, x: UnsafePointer<Float>,
    y: UnsafeMutablePointer<Float>
  ) {
    compute.multiply(
      rows: rows, columns: slice.columns, inner: slice.rows, a: x, aStride: slice.rows,
      b: pointer(slice), bStride: slice.columns, c: y, cStride: slice.columns)
  }

  /// dx = dy W^T; dW += x^T dy.
  private func linearBackward(
    _ slice: ParameterLayout.Slice, rows: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, gradients: TensorBuffer
  ) {
    compute.multiplyWeightGradient(
      rows: rows, columns: slice.columns, inner: slice.rows, a: x, aStride: slice.rows, dc: dy,
      dcStride: slice.columns, db: gradients.pointer + slice.offset, dbStride: slice.columns)
    compute.multiplyInputGradient(
      rows: rows, columns: slice.columns, inner: slice.rows, dc: dy, dcStride: slice.columns,
      b: pointer(slice), bStride: slice.columns, da: dx, daStride: slice.rows, accumulation: .set)
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
    dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, gradients: TensorBuffer
  ) {
    compute.rmsNormBackward(
      rows: rows, channels: norm.columns, x: x, xStride: norm.columns, weight: pointer(norm),
      rstd: rstd, dy: dy, dyStride: norm.columns, dx: dx, dxStride: norm.columns,
      accumulation: .add, dweight: gradients.pointer + norm.offset)
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
    dfused: UnsafeMutablePointer<Float>, gradients: TensorBuffer
  ) {
    guard let queryNorm = layer.queryNorm, let keyNorm = layer.keyNorm, let before = a.unnormed,
      let rstd = a.headRstd
    else { return }
    let (c, shape) = (configuration, configuration.attention)
    compute.headNormBackward(
      rows: rows, heads: c.heads, headSize: c.headSize, x: before, xStride: shape.valueOffset,
      weight: pointer(queryNorm), rstd: rstd, dy: dfused, dyStride: shape.fusedWidth,
      dweight: gradients.pointer + queryNorm.offset)
    compute.headNormBackward(
      rows: rows, heads: c.keyValueHeads, headSize: c.headSize, x: before + shape.keyOffset,
      xStride: shape.valueOffset, weight: pointer(keyNorm), rstd: rstd + rows * c.heads,
      dy: dfused + shape.keyOffset, dyStride: shape.fusedWidth,
      dweight: gradients.pointer + keyNorm.offset)
  }
}
