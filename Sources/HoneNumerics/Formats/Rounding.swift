import CKernels

/// Numbers of a row that share a scale.
public let scaleTile = 128

extension Compute {
  /// Rounds each row in place to a format, in tiles of `tile` columns.
  ///
  /// - Parameters:
  ///   - x: [rows, channels], rows `stride` apart.
  ///   - tile: numbers that share a scale, a multiple of 8; unscaled formats ignore it.
  public func round(
    rows: Int, channels: Int, x: UnsafeMutablePointer<Float>, stride: Int, format: NumberFormat,
    tile: Int = scaleTile
  ) {
    if format.isSingle { return }
    let tile = format.isScaled ? tile : 0
    forEachChunk(of: rows, chunk: rowChunk) { range in
      kernels.roundRows(
        range.count, channels, x + range.lowerBound * stride, stride, tile, format.kernel)
    }
  }

  /// Rounds columns in place to a format, in tiles of 128 rows of one column, from row 0 on.
  ///
  /// - Parameter x: [rows, channels].
  public func roundColumns(
    rows: Int, channels: Int, x: UnsafeMutablePointer<Float>, format: NumberFormat
  ) {
    if format.isSingle { return }
    let tile = format.isScaled ? scaleTile : 0
    forEachChunk(of: channels, chunk: 64) { range in
      kernels.roundColumns(
        rows, range.count, x + range.lowerBound, channels, tile, format.kernel)
    }
  }
}

extension Compute {
  /// Copies rows, rounded as ``round(rows:channels:x:stride:format:tile:)`` does in place.
  ///
  /// - Parameter x: [rows, channels]; y: likewise, elsewhere.
  public func roundedCopy(
    rows: Int, channels: Int, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>,
    format: NumberFormat
  ) {
    let tile = format.isScaled ? scaleTile : 0
    forEachChunk(of: rows, chunk: rowChunk) { range in
      let first = range.lowerBound * channels
      (y + first).update(from: x + first, count: range.count * channels)
      if format.isSingle { return }
      kernels.roundRows(range.count, channels, y + first, channels, tile, format.kernel)
    }
  }

  /// Copies rows, rounded as ``roundColumns(rows:channels:x:format:)`` does in place.
  ///
  /// - Parameter x: [rows, channels]; y: likewise, elsewhere.
  public func columnRoundedCopy(
    rows: Int, channels: Int, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>,
    format: NumberFormat
  ) {
    let tile = format.isScaled ? scaleTile : 0
    forEachChunk(of: channels, chunk: 64) { range in
      let first = range.lowerBound
      for row in 0..<rows {
        (y + row * channels + first).update(
          from: x + row * channels + first, count: range.count)
      }
      if format.isSingle { return }
      kernels.roundColumns(rows, range.count, y + first, channels, tile, format.kernel)
    }
  }
}

/// Rows of numbers stored in a format: codes, then the exponents of their scales.
///
/// Used for cached activations and for keys and values. The codec is exact: decoding gives the numbers
/// that ``Compute/round(rows:channels:x:stride:format:tile:)`` leaves.
public struct EncodedRows: Sendable {
  /// The format.
  public let format: NumberFormat
  /// Numbers of a row.
  public let channels: Int
  /// Numbers that share a scale.
  public let tile: Int

  /// Rows of `channels` numbers.
  public init(format: NumberFormat, channels: Int, tile: Int = scaleTile) {
    self.format = format
    self.channels = channels
    self.tile = tile
  }

  private var codeBytes: Int { (channels * format.storageBits + 7) / 8 }
  private var scaleBytes: Int { format.isScaled ? (channels + tile - 1) / tile : 0 }
  /// Bytes of one row; rows lie end to end.
  public var rowBytes: Int { codeBytes + scaleBytes }

  func encode(
    _ x: UnsafePointer<Float>, to bytes: UnsafeMutableRawPointer, kernels: HoneKernels
  ) {
    if format.isSingle {
      bytes.copyMemory(from: x, byteCount: channels * MemoryLayout<Float>.stride)
      return
    }
    kernels.encode(
      channels, x, format.isScaled ? tile : 0, format.kernel,
      bytes.assumingMemoryBound(to: UInt8.self),
      (bytes + codeBytes).assumingMemoryBound(to: Int8.self))
  }

  func decode(
    _ bytes: UnsafeRawPointer, to x: UnsafeMutablePointer<Float>, kernels: HoneKernels
  ) {
    if format.isSingle {
      UnsafeMutableRawPointer(x).copyMemory(
        from: bytes, byteCount: channels * MemoryLayout<Float>.stride)
      return
    }
    kernels.decode(
      channels, bytes.assumingMemoryBound(to: UInt8.self),
      (bytes + codeBytes).assumingMemoryBound(to: Int8.self), format.isScaled ? tile : 0,
      format.kernel, x)
  }
}

extension Compute {
  /// Stores rows [rows, channels], `stride` apart, at `bytes`.
  public func encode(
    _ layout: EncodedRows, rows: Int, x: UnsafePointer<Float>, stride: Int,
    to bytes: UnsafeMutableRawPointer
  ) {
    forEachChunk(of: rows, chunk: rowChunk) { range in
      for row in range {
        layout.encode(x + row * stride, to: bytes + row * layout.rowBytes, kernels: kernels)
      }
    }
  }

  /// Reads rows that were stored at `bytes`.
  public func decode(
    _ layout: EncodedRows, rows: Int, from bytes: UnsafeRawPointer,
    x: UnsafeMutablePointer<Float>, stride: Int
  ) {
    forEachChunk(of: rows, chunk: rowChunk) { range in
      for row in range {
        layout.decode(bytes + row * layout.rowBytes, to: x + row * stride, kernels: kernels)
      }
    }
  }
}
