/// Philox 4x32-10, a counter-based generator: a pure function of key and counter.
///
/// Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
public enum Philox {
  /// The four output words of one counter under one key.
  public static func block(
    key: (UInt32, UInt32), counter: (UInt32, UInt32, UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (k0, k1) = key
    var (c0, c1, c2, c3) = counter
    for _ in 0..<10 {
      let p0 = UInt64(c0) &* 0xD251_1F53
      let p1 = UInt64(c2) &* 0xCD9E_8D57
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }
}

/// A stream of random numbers that is a function of what it is for, never of when it is asked.
///
/// A stream is named by (run seed, purpose, step, problem); each number in it by (sample, position).
/// Batch composition, order of work and thread count therefore change nothing, and any one
/// completion can be drawn again from the log alone.
public struct RandomStream: Sendable, Hashable {
  /// What the numbers are used for; each purpose has numbers of its own.
  public enum Purpose: UInt32, Sendable {
    /// Initial weights.
    case initialization = 1
    /// Tokens of completions.
    case sampling = 2
    /// Order of problems.
    case order = 3
    /// Tokens of evaluations.
    case evaluation = 4
    /// Rounding of the optimiser's moments.
    case rounding = 5
  }

  private let key0: UInt32
  private let key1: UInt32

  /// The stream of one problem (or tensor) at one step of a run.
  public init(seed: UInt64, purpose: Purpose, step: Int = 0, problem: String = "") {
    let hash = RandomStream.hash(problem)
    let step = UInt64(bitPattern: Int64(step))
    let first = Philox.block(
      key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
      counter: (purpose.rawValue, 0, UInt32(truncatingIfNeeded: step), UInt32(step >> 32)))
    let second = Philox.block(
      key: (first.0, first.1),
      counter: (
        UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32), first.2, first.3
      ))
    key0 = second.0
    key1 = second.1
  }

  /// The key under which the stream's numbers are counted; tests draw them by the definition.
  package var key: (UInt32, UInt32) { (key0, key1) }

  /// A number in [0, 1) with 53 random bits.
  public func uniform(sample: Int, position: Int) -> Double {
    let words = block(sample: sample, position: position)
    let bits = UInt64(words.0) << 32 | UInt64(words.1)
    return Double(bits >> 11) * 0x1p-53
  }

  /// 64 random bits.
  public func bits(sample: Int, position: Int) -> UInt64 {
    let words = block(sample: sample, position: position)
    return UInt64(words.2) << 32 | UInt64(words.3)
  }

  private func block(sample: Int, position: Int) -> (UInt32, UInt32, UInt32, UInt32) {
    Philox.block(
      key: (key0, key1),
      counter: (
        UInt32(truncatingIfNeeded: sample), UInt32(truncatingIfNeeded: sample >> 32),
        UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32)
      ))
  }

  /// FNV-1a, 64 bits: names of problems become counters.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
