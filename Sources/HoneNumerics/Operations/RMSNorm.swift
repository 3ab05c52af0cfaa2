// RMSNorm (Zhang & Sennrich 2019, eq. 4): y = w x / sqrt(mean(x^2) + epsilon).

import CKernels

/// Rows per task of the row-wise operations: enough work to be worth handing to a worker.
let rowChunk = 32

extension Compute {
  /// RMSNorm of each row.
  ///
  /// - Parameters:
  ///   - x, y: [rows, channels], rows `xStride`, `yStride` apart; y may be x.
  ///   - rstd: [rows], written: 1 / sqrt(mean(x^2) + epsilon), for the backward pass.
  public func rmsNorm(
    rows: Int, channels: Int, x: UnsafePointer<Float>, xStride: Int, weight: UnsafePointer<Float>,
    epsilon: Float, y: UnsafeMutablePointer<Float>, yStride: Int, rstd: UnsafeMutablePointer<Float>
  ) {
    forEachChunk(of: rows, chunk: rowChunk) { range in
      kernels.rmsNormForward(
        range.count, channels, x + range.lowerBound * xStride, xStride, weight, epsilon,
        y + range.lowerBound * yStride, yStride, rstd + range.lowerBound, 1)
    }
  }

  /// The gradients of ``rmsNorm``: dx (set or added to) and dweight (added to, rows in order).
  public func rmsNormBackward(
    rows: Int, channels: Int, x: UnsafePointer<Float>, xStride: Int, weight: UnsafePointer<Float>,
    rstd: UnsafePointer<Float>, dy: UnsafePointer<Float>, dyStride: Int,
    dx: UnsafeMutablePointer<Float>, dxStride: Int, accumulation: Accumulation,
    dweight: UnsafeMutablePointer<Float>
  ) {
    // The weight's gradient first: dx may be written over dy.
    forEachChunk(of: channels, chunk: 64) { range in
      kernels.rmsNormWeightGradient(
        rows, range.lowerBound, range.upperBound, x, xStride, rstd, 1, dy, dyStride, dweight)
    }
    forEachChunk(of: rows, chunk: rowChunk) { range in
      kernels.rmsNormBackward(
        range.count, channels, x + range.lowerBound * xStride, xStride, weight,
        rstd + range.lowerBound, 1, dy + range.lowerBound * dyStride, dyStride,
        dx + range.lowerBound * dxStride, dxStride, accumulation == .add ? 1 : 0)
    }
  }

  /// RMSNorm of each head of each row, in place (the query/key norm of Qwen3).
  ///
  /// - Parameters:
  ///   - x: `heads` consecutive heads of `headSize` in rows `xStride` apart.
  ///   - rstd: [rows, heads].
  public func headNorm(
    rows: Int, heads: Int, headSize: Int, x: UnsafeMutablePointer<Float>, xStride: Int,
    weight: UnsafePointer<Float>, epsilon: Float, rstd: UnsafeMutablePointer<Float>
  ) {
    forEachChunk(of: rows, chunk: rowChunk) { range in
      for head in 0..<heads {
        let start = x + range.lowerBound * xStride + head * headSize
        kernels.rmsNormForward(
          range.count, headSize, start, xStride, weight, epsilon, start, xStride,
          rstd + range.lowerBound * heads + head, heads)
      }
    }
  }

  /// The gradients of ``headNorm``; dx replaces dy in place.
  ///
  /// x is the input of the forward pass.
  public func headNormBackward(
    rows: Int, heads: Int, headSize: Int, x: UnsafePointer<Float>, xStride: Int,
    weight: UnsafePointer<Float>, rstd: UnsafePointer<Float>, dy: UnsafeMutablePointer<Float>,
    dyStride: Int, dweight: UnsafeMutablePointer<Float>
  ) {
    for head in 0..<heads {
      kernels.rmsNormWeightGradient(
        rows, 0, headSize, x + head * headSize, xStride, rstd + head, heads,
        dy + head * headSize, dyStride, dweight)
    }
    forEachChunk(of: rows, chunk: rowChunk) { range in
      for head in 0..<heads {
        let gradient = dy + range.lowerBound * dyStride + head * headSize
        kernels.rmsNormBackward(
          range.count, headSize, x + range.lowerBound * xStride + head * headSize, xStride, weight,
          rstd + range.lowerBound * heads + head, heads, gradient, dyStride, gradient, dyStride, 0)
      }
    }
  }
}
