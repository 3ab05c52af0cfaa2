public import HoneNumerics

/// The gradient of a loss to every parameter of a policy, summed over passes.
///
/// In single precision it is one flat buffer of the policy's layout. With `gradients: bf16` the
/// gradients to the matrices of the decoder layers are bf16: a pass computes its own in single
/// precision, one matrix at a time, and what has been summed so far is added and rounded to nearest.
/// Those to embedding, head, norms and biases stay single precision: rows of the embedding are added
/// one by one, and many small numbers added to a large one in bf16 would be lost.
public final class Gradients {
  /// Where the parameters lie.
  public let layout: ParameterLayout
  /// `fp32` or `bf16`.
  public let format: NumberFormat
  /// What is single precision: everything in the policy's layout, or, beside bf16, the other slices
  /// one after another.
  private let singles: TensorBuffer
  private let halves: HalfBuffer?
  /// One matrix's gradient of one pass, zeros between uses.
  private let pass: TensorBuffer?
  /// Where slices begin in their buffers; nil: as in the layout.
  private let places: Places?

  /// Zeros.
  public init(_ layout: ParameterLayout, precision: Precision = .fp32) {
    self.layout = layout
    format = precision.gradients
    guard !format.isSingle else {
      singles = TensorBuffer(count: layout.count)
      (halves, pass, places) = (nil, nil, nil)
      return
    }
    let places = Places(layout)
    singles = TensorBuffer(count: places.singles)
    halves = HalfBuffer(count: places.halves)
    pass = TensorBuffer(count: places.largest)
    self.places = places
  }

  /// Slices one after another, those of the layers' matrices apart.
  private struct Places {
    var starts: [Int: Int] = [:]
    var singles = 0
    var halves = 0
    /// Elements of the largest matrix.
    var largest = 0

    init(_ layout: ParameterLayout) {
      for slice in layout.slices {
        let size = (slice.count + 15) / 16 * 16
        if layout.isLayerMatrix(slice) {
          starts[slice.offset] = halves
          halves += size
          largest = max(largest, slice.count)
        } else {
          starts[slice.offset] = singles
          singles += size
        }
      }
    }
  }

  /// Bytes of all this.
  package static func bytes(_ layout: ParameterLayout, precision: Precision) -> Int {
    if precision.gradients.isSingle { return 4 * layout.count }
    let places = Places(layout)
    return 4 * places.singles + 2 * places.halves + 4 * places.largest
  }

  private func isHalf(_ slice: ParameterLayout.Slice) -> Bool {
    halves != nil && layout.isLayerMatrix(slice)
  }

  private func start(_ slice: ParameterLayout.Slice) -> Int {
    guard let places else { return slice.offset }
    guard let start = places.starts[slice.offset] else {
      preconditionFailure("a slice of another layout")
    }
    return start
  }

  /// The gradient to a slice that is single precision.
  public func pointer(_ slice: ParameterLayout.Slice) -> UnsafeMutablePointer<Float> {
    precondition(!isHalf(slice), "the gradient at \(slice.offset) is bf16")
    return singles.pointer + start(slice)
  }

  /// Where AdamW finds the gradient to a slice.
  public func numbers(of slice: ParameterLayout.Slice) -> AdamWState.Numbers {
    guard isHalf(slice), let halves else { return .single(pointer(slice)) }
    return .half(halves.pointer + start(slice))
  }

  /// The gradient to a slice, widened.
  public func values(of slice: ParameterLayout.Slice) -> [Float] {
    guard isHalf(slice), let halves else {
      return Array(UnsafeBufferPointer(start: pointer(slice), count: slice.count))
    }
    let first = halves.pointer + start(slice)
    return (0..<slice.count).map { Float(bitPattern: UInt32(first[$0]) << 16) }
  }

  /// The gradients to all slices, one after another, widened.
  public var values: [Float] { layout.slices.flatMap { values(of: $0) } }

  /// Every element becomes 0.
  public func zero() {
    singles.zero()
    halves?.zero()
  }

  /// Adds a pass's gradient to a matrix: `product` adds to what it is given, in single precision.
  func add(
    to slice: ParameterLayout.Slice, _ compute: Compute,
    product: (UnsafeMutablePointer<Float>) -> Void
  ) {
    guard isHalf(slice), let halves, let pass else { return product(pointer(slice)) }
    product(pass.pointer)
    compute.addRounding(count: slice.count, pass.pointer, to: halves.pointer + start(slice))
  }

  /// Adds other gradients of the same layout and format.
  public func add(_ other: Gradients, _ compute: Compute) {
    precondition(other.layout == layout && other.format == format, "gradients of another kind")
    compute.add(count: singles.count, other.singles.pointer, to: singles.pointer)
    guard let halves, let others = other.halves else { return }
    compute.addRounding(count: halves.count, others.pointer, to: halves.pointer)
  }

  /// The norm of all gradients as one vector, summed in double in a fixed order.
  public func norm(_ compute: Compute) -> Double {
    var squares = compute.sumOfSquares(count: singles.count, singles.pointer)
    if let halves { squares += compute.sumOfSquares(count: halves.count, halves.pointer) }
    return squares.squareRoot()
  }

  /// Memory of at least `floats` floats that may be overwritten while no gradient is being summed.
  func spare(_ floats: Int) -> UnsafeMutablePointer<Float>? {
    guard let halves else { return floats <= singles.count ? singles.pointer : nil }
    guard 2 * floats <= halves.count else { return nil }
    return UnsafeMutableRawPointer(halves.pointer).assumingMemoryBound(to: Float.self)
  }
}
