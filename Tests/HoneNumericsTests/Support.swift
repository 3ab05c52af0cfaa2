import CKernels
import HoneNumerics
import Testing

/// Memory for the operands of one test, with margins of NaN on both sides of every piece.
///
/// A kernel that reads past an operand and uses what it reads makes its result NaN; one that writes
/// there is found by ``check()``.
final class Arena {
  private static let margin = 64
  // A NaN of our own, so that a NaN written by arithmetic is seen as well.
  private static let guardBits: UInt32 = 0x7fc5_a5a5

  private var pieces: [(start: UnsafeMutablePointer<Float>, count: Int)] = []
  private var state: UInt64

  init(seed: UInt64 = 1) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  /// `count` copies of `value`.
  func filled(_ count: Int, _ value: Float = 0) -> UnsafeMutablePointer<Float> {
    let whole = count + 2 * Arena.margin
    let start = UnsafeMutablePointer<Float>.allocate(capacity: whole)
    start.initialize(repeating: Float(bitPattern: Arena.guardBits), count: whole)
    pieces.append((start, count))
    let piece = start + Arena.margin
    for index in 0..<count { piece[index] = value }
    return piece
  }

  /// `count` numbers of -scale..<scale.
  func random(_ count: Int, scale: Float = 1) -> UnsafeMutablePointer<Float> {
    let piece = filled(count)
    for index in 0..<count { piece[index] = scale * next() }
    return piece
  }

  func copy(_ source: UnsafePointer<Float>, _ count: Int) -> UnsafeMutablePointer<Float> {
    let piece = filled(count)
    piece.update(from: source, count: count)
    return piece
  }

  func copy(_ values: [Float]) -> UnsafeMutablePointer<Float> { copy(values, values.count) }

  /// The next number in -1..<1 (xorshift64*).
  func next() -> Float {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return Float(Int32(truncatingIfNeeded: (state &* 0x2545_f491_4f6c_dd1d) >> 32)) * 0x1p-31
  }

  /// Whether every margin is as it was.
  fileprivate var isIntact: Bool {
    pieces.allSatisfy { start, count in
      (0..<Arena.margin).allSatisfy {
        start[$0].bitPattern == Arena.guardBits
          && start[Arena.margin + count + $0].bitPattern == Arena.guardBits
      }
    }
  }

  fileprivate func release() { for (start, _) in pieces { start.deallocate() } }
}

/// Runs a test over memory of its own and checks that nothing wrote outside of it.
func withArena<Result>(
  seed: UInt64 = 1, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: (Arena) throws -> Result
) rethrows -> Result {
  let arena = Arena(seed: seed)
  defer { arena.release() }
  let result = try body(arena)
  #expect(arena.isIntact, "something wrote outside its buffer", sourceLocation: sourceLocation)
  return result
}

/// The bit patterns of `rows` rows of `columns` elements, rows `stride` apart.
func bits(
  _ pointer: UnsafePointer<Float>, rows: Int = 1, _ columns: Int, stride: Int? = nil
) -> [UInt32] {
  let stride = stride ?? columns
  return (0..<rows * columns).map { pointer[$0 / columns * stride + $0 % columns].bitPattern }
}

/// The elements in double, likewise.
func doubles(
  _ pointer: UnsafePointer<Float>, rows: Int = 1, _ columns: Int, stride: Int? = nil
) -> [Double] {
  bits(pointer, rows: rows, columns, stride: stride).map { Double(Float(bitPattern: $0)) }
}

/// || value - reference || / || reference ||, in the Euclidean norm; NaN where any element is.
func relativeError(_ values: [Double], _ reference: [Double]) -> Double {
  precondition(values.count == reference.count, "\(values.count) values of \(reference.count)")
  var (difference, size) = (0.0, 0.0)
  for (value, wanted) in zip(values, reference) {
    difference += (value - wanted) * (value - wanted)
    size += wanted * wanted
  }
  return size == 0 ? difference.squareRoot() : (difference / size).squareRoot()
}

/// Every kernel set that this machine runs.
let kernelSets: [String] = Kernels.known.filter { Kernels.named($0) != nil }

extension Compute {
  /// A device with the own kernel, of the named instruction set.
  convenience init(testing kernelName: String, workers: Int = 1) throws {
    self.init(
      workers: workers, kernels: try #require(Kernels.named(kernelName)), forwardMultiplier: .own)
  }
}

/// exp(x) as the kernels compute it.
///
/// With maximum 0, sum 1 and coefficient -1, the gradient of every token but the target is the
/// exponential of its logit itself.
func kernelExponentials(_ x: [Float], _ kernels: HoneKernels = Kernels.active) -> [Float] {
  withArena { arena in
    let row = arena.copy([0] + x)
    kernels.softmaxBackward(x.count + 1, row, 1, 0, 1, 0, 0, -1, 0)
    return (0..<x.count).map { row[$0 + 1] }
  }
}
