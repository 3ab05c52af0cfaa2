// SwiGLU (Shazeer 2020): act = silu(gate) * up.

import CKernels

/// Rows per task: an exponential an element, so that a few rows are worth sharing.
private func swigluChunk(width: Int) -> Int { max(1, 4096 / max(1, width)) }

extension Compute {
  /// act = silu(gate) * up.
  ///
  /// - Parameters:
  ///   - gateUp: [rows, 2 width], gate then up; act: [rows, width].
  public func swiglu(
    rows: Int, width: Int, gateUp: UnsafePointer<Float>, act: UnsafeMutablePointer<Float>
  ) {
    forEachChunk(of: rows, chunk: swigluChunk(width: width)) { range in
      kernels.swigluForward(
        range.count, width, gateUp + range.lowerBound * 2 * width, act + range.lowerBound * width)
    }
  }

  /// The gradient to gate and up; `dGateUp` may be `gateUp` itself.
  public func swigluBackward(
    rows: Int, width: Int, gateUp: UnsafePointer<Float>, dact: UnsafePointer<Float>,
    dGateUp: UnsafeMutablePointer<Float>
  ) {
    forEachChunk(of: rows, chunk: swigluChunk(width: width)) { range in
      kernels.swigluBackward(
        range.count, width, gateUp + range.lowerBound * 2 * width,
        dact + range.lowerBound * width, dGateUp + range.lowerBound * 2 * width)
    }
  }
}
