// SwiGLU (Shazeer 2020): act = silu(gate) * up.

import CKernels

extension Compute {
  /// act = silu(gate) * up.
  ///
  /// - Parameters:
  ///   - gateUp: [rows, 2 width], gate then up; act: [rows, width].
  public func swiglu(
    rows: Int, width: Int, gateUp: UnsafePointer<Float>, act: UnsafeMutablePointer<Float>
  ) {
    forEachChunk(of: rows, chunk: rowChunk) { range in
      kernels.swigluForward(
        range.count, width, gateUp + range.lowerBound * 2 * width, act + range.lowerBound * width)
    }
  }

  /// The gradient to gate and up; `dGateUp` may be `gateUp` itself.
  public func swigluBackward(
    rows: Int, width: Int, gateUp: UnsafePointer<Float>, dact: UnsafePointer<Float>,
    dGateUp: UnsafeMutablePointer<Float>
  ) {
    forEachChunk(of: rows, chunk: rowChunk) { range in
      kernels.swigluBackward(
        range.count, width, gateUp + range.lowerBound * 2 * width,
        dact + range.lowerBound * width, dGateUp + range.lowerBound * 2 * width)
    }
  }
}
