import Foundation
public import HoneNumerics

// Where a policy's parameters lie, by its precision.
//
// Norms and biases are single precision always. A matrix is single precision; or bf16 in one plane
// and the rest of its fp32 master in another, if that is kept; or single precision with the scale of
// each block of 128 x 128 beside it, rounded where a product reads it. All planes have the policy's
// layout.
//
// Rounding is dear where the same matrix is read again and again. So while completions are sampled
// its blocks are encoded once, in memory that gradients need later, and every token reads a byte for a
// weight; a training pass encodes one layer at a time. The products' bits are the same.

/// The halves of the matrices that are bf16.
struct SplitPlanes {
  let high: HalfBuffer
  /// The rest of single precision, where it is kept.
  let low: HalfBuffer?

  init(count: Int, hasRest: Bool) {
    high = HalfBuffer(count: count)
    low = hasRest ? HalfBuffer(count: count) : nil
  }
}

extension Policy {
  /// The format of a slice; vectors are single precision.
  func format(of slice: ParameterLayout.Slice) -> NumberFormat {
    if slice.rows == 1 { return .fp32 }
    return layout.isLayerMatrix(slice) ? precision.weights : precision.embeddings
  }

  /// Whether a slice is stored in two halves.
  func isSplit(_ slice: ParameterLayout.Slice) -> Bool { format(of: slice) == .bf16 }

  /// A matrix as the products read it.
  func matrix(_ slice: ParameterLayout.Slice) -> WeightMatrix {
    switch format(of: slice) {
    case .fp32: return WeightMatrix(pointer(slice), stride: slice.columns)
    case .bf16:
      guard let planes else { preconditionFailure("bf16 weights without their planes") }
      return WeightMatrix(high: planes.high.pointer + slice.offset, stride: slice.columns)
    default:
      guard let first = blockOffsets[slice.offset] else {
        preconditionFailure("no scales for the matrix at \(slice.offset)")
      }
      let exponents = UnsafePointer(blockExponents + first)
      if let codes = codes[slice.offset] {
        return WeightMatrix(
          codes: codes, stride: slice.columns, format: precision.weights, exponents: exponents)
      }
      return WeightMatrix(
        pointer(slice), stride: slice.columns, format: precision.weights, exponents: exponents)
    }
  }

  /// Where AdamW finds a slice's parameters.
  public func numbers(of slice: ParameterLayout.Slice) -> AdamWState.Numbers {
    guard isSplit(slice), let planes else { return .single(pointer(slice)) }
    let high = planes.high.pointer + slice.offset
    return planes.low.map { .split(high: high, low: $0.pointer + slice.offset) } ?? .half(high)
  }

  /// Changes the number formats; the fp32 masters stay what they are, bit by bit (unless
  /// `master_weights: bf16` keeps none: then they are rounded to nearest, ties up).
  ///
  /// Call ``weightsChanged()`` after changing parameters by other means than an optimiser. Both are done
  /// whole: an interruption of the compute never leaves half-made weights.
  public func adopt(_ precision: Precision) {
    if precision == self.precision { return }
    compute.team.keepingOn { take(precision) }
  }

  private func take(_ precision: Precision) {
    joinHalves()
    ownCodes = nil
    self.precision = precision
    let split = layout.slices.filter(isSplit)
    if !split.isEmpty {
      let planes = SplitPlanes(count: layout.count, hasRest: precision.masters.isSingle)
      for slice in split {
        withRest(of: slice, planes) { low in
          compute.split(
            count: slice.count, pointer(slice), high: planes.high.pointer + slice.offset, low: low)
        }
        parameters.release(slice.offset..<slice.offset + slice.count)
      }
      self.planes = planes
    }
    blockOffsets = [:]
    var blocks = 0
    for slice in layout.slices where !format(of: slice).isSingle && !isSplit(slice) {
      blockOffsets[slice.offset] = blocks
      blocks += WeightMatrix.blocks(slice.rows) * WeightMatrix.blocks(slice.columns)
    }
    blockScales = blocks > 0 ? TensorBuffer(count: (blocks + 3) / 4) : nil
    weightsChanged()
  }

  private var blockExponents: UnsafeMutablePointer<Int8> {
    guard let blockScales else { preconditionFailure("no matrix is read in blocks") }
    return UnsafeMutableRawPointer(blockScales.pointer).assumingMemoryBound(to: Int8.self)
  }

  /// Takes the numbers of another policy of the same shape and formats, bit by bit.
  package func copyStorage(of other: Policy) {
    precondition(
      layout.count == other.layout.count && precision == other.precision,
      "copyStorage: policies of different shapes or formats")
    for slice in layout.slices {
      if isSplit(slice), let own = planes, let others = other.planes {
        let bytes = slice.count * MemoryLayout<UInt16>.stride
        memcpy(own.high.pointer + slice.offset, others.high.pointer + slice.offset, bytes)
        if let low = own.low, let otherLow = others.low {
          memcpy(low.pointer + slice.offset, otherLow.pointer + slice.offset, bytes)
        }
      } else {
        memcpy(pointer(slice), other.pointer(slice), slice.count * MemoryLayout<Float>.stride)
      }
    }
    weightsChanged()
  }

  /// Encodes the matrices of some layers and does what reads them often.
  ///
  /// - Parameter memory: of the layers' `codeFloats` in sum.
  func withCodes<Result, Failure: Error>(
    of layers: ArraySlice<ParameterLayout.Layer>, in memory: UnsafeMutablePointer<Float>,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = codes
    var next = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: UInt8.self)
    for slice in layers.lazy.flatMap(\.matrices) {
      guard let first = blockOffsets[slice.offset] else { continue }
      let isReadable = compute.encodeBlocks(
        rows: slice.rows, columns: slice.columns, x: pointer(slice), format: precision.weights,
        exponents: blockExponents + first, codes: next)
      if isReadable { codes[slice.offset] = next }
      next += slice.count
    }
    defer { codes = outer }
    return try body()
  }

  private func joinHalves() {
    guard let planes else { return }
    for slice in layout.slices where isSplit(slice) {
      withRest(of: slice, planes) { low in
        compute.join(
          count: slice.count, high: planes.high.pointer + slice.offset, low: low, pointer(slice))
      }
    }
    self.planes = nil
  }

  /// The rest of a slice's masters; zeros that go away again where it is not kept.
  private func withRest(
    of slice: ParameterLayout.Slice, _ planes: SplitPlanes,
    _ body: (UnsafeMutablePointer<UInt16>) -> Void
  ) {
    if let low = planes.low { return body(low.pointer + slice.offset) }
    let none = HalfBuffer(count: slice.count)
    body(none.pointer)
  }

  /// Brings the scales of blocks up to date after parameters have changed.
  public func weightsChanged() {
    compute.team.keepingOn {
      for slice in layout.slices {
        guard let first = blockOffsets[slice.offset] else { continue }
        compute.blockExponents(
          rows: slice.rows, columns: slice.columns, x: pointer(slice), format: precision.weights,
          exponents: blockExponents + first)
      }
    }
  }
}
