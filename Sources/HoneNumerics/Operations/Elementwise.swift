// Sums, biases, the gradient's norm: everything that is one loop.

import CKernels

/// Elements per task of a plain loop.
let elementChunk = 1 << 14

extension Compute {
  /// y += x, elementwise.
  public func add(count: Int, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
    forEachChunk(of: count, chunk: elementChunk) { range in
      kernels.add(range.count, x + range.lowerBound, y + range.lowerBound)
    }
  }

  /// Adds a bias [channels] to each row.
  public func addBias(
    rows: Int, channels: Int, bias: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
    yStride: Int
  ) {
    forEachChunk(of: rows, chunk: rowChunk) { range in
      kernels.addBias(range.count, channels, bias, y + range.lowerBound * yStride, yStride)
    }
  }

  /// The gradient of a bias: dbias += the sum of dy over rows, in row order.
  public func biasGradient(
    rows: Int, channels: Int, dy: UnsafePointer<Float>, dyStride: Int,
    dbias: UnsafeMutablePointer<Float>
  ) {
    forEachChunk(of: channels, chunk: 64) { range in
      kernels.biasGradient(rows, range.lowerBound, range.upperBound, dy, dyStride, dbias)
    }
  }

  /// The sum of squares in double: chunks of a fixed length, added in index order.
  public func sumOfSquares(count: Int, _ x: UnsafePointer<Float>) -> Double {
    sumOfChunks(count: count) { sums in
      forEachChunk(of: count, chunk: elementChunk) { range in
        sums[range.lowerBound / elementChunk] = kernels.sumOfSquares(
          range.count, x + range.lowerBound)
      }
    }
  }

  /// What `body` leaves for each chunk of `elementChunk` elements, added in index order.
  func sumOfChunks(count: Int, _ body: (UnsafeMutablePointer<Double>) -> Void) -> Double {
    let chunks = (count + elementChunk - 1) / elementChunk
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, chunks)) { partial in
      partial.initialize(repeating: 0)
      guard let sums = partial.baseAddress else { return 0 }
      body(sums)
      return partial[..<chunks].reduce(0, +)
    }
  }
}
