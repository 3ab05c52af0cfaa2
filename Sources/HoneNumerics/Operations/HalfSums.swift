import CKernels

// Sums that are stored in bf16: gradients, where a precision says so.

extension Compute {
  /// y += x in single precision, rounded to bf16 (nearest, ties to even); x becomes 0.
  public func addRounding(
    count: Int, _ x: UnsafeMutablePointer<Float>, to y: UnsafeMutablePointer<UInt16>
  ) {
    forEachChunk(of: count, chunk: elementChunk) { range in
      kernels.addToHalf(range.count, x + range.lowerBound, y + range.lowerBound)
    }
  }

  /// y += x in single precision, rounded to bf16 (nearest, ties to even).
  public func addRounding(
    count: Int, _ x: UnsafePointer<UInt16>, to y: UnsafeMutablePointer<UInt16>
  ) {
    withWidened(count: count, x) { range, widened in
      kernels.addToHalf(range.count, widened, y + range.lowerBound)
    }
  }

  /// The sum of squares of bf16 numbers in double: chunks of a fixed length, added in index order.
  public func sumOfSquares(count: Int, _ x: UnsafePointer<UInt16>) -> Double {
    sumOfChunks(count: count) { sums in
      withWidened(count: count, x) { range, widened in
        sums[range.lowerBound / elementChunk] = kernels.sumOfSquares(range.count, widened)
      }
    }
  }

  /// Hands over one chunk of bf16 numbers after another, widened into memory of the task's own.
  private func withWidened(
    count: Int, _ x: UnsafePointer<UInt16>,
    _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let row = WeightMatrix(high: x, stride: count)
    forEachChunk(of: count, chunk: elementChunk) { range in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count) { widened in
        guard let base = widened.baseAddress else { return }
        withUnsafePointer(to: row.kernel) {
          kernels.readWeights($0, 0, range.lowerBound, range.count, base)
        }
        body(range, base)
      }
    }
  }
}
