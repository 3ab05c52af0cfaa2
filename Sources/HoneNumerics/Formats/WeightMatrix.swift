import CKernels
import Synchronization

/// A matrix of weights as it lies in memory, widened block by block where a product reads it.
public struct WeightMatrix {
  var kernel: HoneWeights

  /// Single precision, rows `stride` apart.
  public init(_ values: UnsafePointer<Float>, stride: Int) {
    kernel = HoneWeights()
    kernel.data = UnsafeRawPointer(values)
    kernel.stride = stride
    kernel.kind = Int32(HoneWeightsFloat)
  }

  /// bf16: the high halves of single precision.
  public init(high: UnsafePointer<UInt16>, stride: Int) {
    kernel = HoneWeights()
    kernel.data = UnsafeRawPointer(high)
    kernel.stride = stride
    kernel.kind = Int32(HoneWeightsHalf)
  }

  /// Single precision, read as if every block of 128 x 128 were stored in a scaled format.
  ///
  /// - Parameter exponents: from ``Compute/blockExponents(rows:columns:x:format:exponents:)``.
  public init(
    _ values: UnsafePointer<Float>, stride: Int, format: NumberFormat,
    exponents: UnsafePointer<Int8>
  ) {
    kernel = Self.blocks(
      UnsafeRawPointer(values), kind: HoneWeightsBlocks, stride: stride, format: format,
      exponents: exponents)
  }

  /// Codes of a scaled format of at most 8 bits, a byte each, in blocks of 128 x 128.
  ///
  /// Reads as the single precision that the codes were made of does, bit for bit.
  ///
  /// - Parameter codes: from ``Compute/encodeBlocks(rows:columns:x:format:exponents:codes:)``, which
  ///   said that they may be read.
  public init(
    codes: UnsafePointer<UInt8>, stride: Int, format: NumberFormat,
    exponents: UnsafePointer<Int8>
  ) {
    precondition(format.storageBits == 8, "codes of \(format.storageBits) bits do not fit bytes")
    kernel = Self.blocks(
      UnsafeRawPointer(codes), kind: HoneWeightsCodes, stride: stride, format: format,
      exponents: exponents)
  }

  private static func blocks(
    _ data: UnsafeRawPointer, kind: Int, stride: Int, format: NumberFormat,
    exponents: UnsafePointer<Int8>
  ) -> HoneWeights {
    var kernel = HoneWeights()
    kernel.data = data
    kernel.stride = stride
    kernel.kind = Int32(kind)
    kernel.format = format.kernel
    kernel.exponents = exponents
    kernel.exponentStride = blocks(stride)
    return kernel
  }

  /// Blocks along a side of `count` elements.
  public static func blocks(_ count: Int) -> Int { (count + scaleTile - 1) / scaleTile }

  /// The stored elements when this matrix is single precision, for BLAS.
  var singles: UnsafePointer<Float>? {
    kernel.kind == Int32(HoneWeightsFloat) ? kernel.data.assumingMemoryBound(to: Float.self) : nil
  }

  func laidOut(_ layout: Layout) -> HoneWeights {
    var matrix = kernel
    matrix.transposed = layout == .transposed ? 1 : 0
    return matrix
  }
}

extension Compute {
  /// The exponent of the scale of each 128 x 128 block of a matrix, row of blocks after row of blocks.
  ///
  /// - Parameter x: [rows, columns], contiguous.
  public func blockExponents(
    rows: Int, columns: Int, x: UnsafePointer<Float>, format: NumberFormat,
    exponents: UnsafeMutablePointer<Int8>
  ) {
    let across = WeightMatrix.blocks(columns)
    team.run(tasks: WeightMatrix.blocks(rows) * across) { block in
      let (row, column) = (block / across * scaleTile, block % across * scaleTile)
      let top = kernels.largestMagnitude(
        min(scaleTile, rows - row), min(scaleTile, columns - column), x + row * columns + column,
        columns)
      exponents[block] = format.isScaled ? Int8(honeTileExponent(top, format.kernel)) : 0
    }
  }

  /// Encodes a matrix in a format of at most 8 bits, at the scales of its 128 x 128 blocks.
  ///
  /// - Parameters:
  ///   - x: [rows, columns], contiguous.
  ///   - codes: likewise; may not overlap.
  /// - Returns: whether products may read the codes: not with a NaN among them, nor with a scale so
  ///   large that it takes two multiplications. They have no time to look.
  public func encodeBlocks(
    rows: Int, columns: Int, x: UnsafePointer<Float>, format: NumberFormat,
    exponents: UnsafePointer<Int8>, codes: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    let across = WeightMatrix.blocks(columns)
    let largest = (0..<WeightMatrix.blocks(rows) * across).map { exponents[$0] }.max() ?? 0
    if Int(largest) > Int(format.kernel.bias) { return false }
    let isNumbers = Atomic(true)
    forEachChunk(of: rows, chunk: 16) { range in
      for row in range {
        let nans = kernels.encodeScaled(
          columns, x + row * columns, exponents + row / scaleTile * across, format.kernel,
          codes + row * columns)
        if nans != 0 { isNumbers.store(false, ordering: .relaxed) }
      }
    }
    return isNumbers.load(ordering: .relaxed)
  }

  /// `count` elements of a stored row, widened to single precision.
  public func read(
    _ matrix: WeightMatrix, row: Int, count: Int, to x: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: matrix.kernel) { kernels.readWeights($0, row, 0, count, x) }
  }

  /// Splits single precision into bf16, rounded to nearest (ties up), and the signed rest.
  public func split(
    count: Int, _ x: UnsafePointer<Float>, high: UnsafeMutablePointer<UInt16>,
    low: UnsafeMutablePointer<UInt16>
  ) {
    forEachChunk(of: count, chunk: 1 << 14) { range in
      let start = range.lowerBound
      kernels.splitWeights(range.count, x + start, high + start, low + start)
    }
  }

  /// Joins what ``split(count:_:high:low:)`` made, exactly.
  public func join(
    count: Int, high: UnsafePointer<UInt16>, low: UnsafePointer<UInt16>,
    _ x: UnsafeMutablePointer<Float>
  ) {
    forEachChunk(of: count, chunk: 1 << 14) { range in
      let start = range.lowerBound
      kernels.joinWeights(range.count, high + start, low + start, x + start)
    }
  }
}
