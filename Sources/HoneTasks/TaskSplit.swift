/// The part of a family that a set of problems is drawn from.
///
/// A problem belongs to the test part if the stable hash of its canonical key falls into one
/// fifth of the hash's range. That holds for every count, seed and difficulty, so a training
/// file and a test file never share a problem, whenever and by whomever they were made.
public enum TaskSplit: String, Sendable, Hashable, CaseIterable {
  /// Four fifths of the problems.
  case train
  /// One fifth of the problems.
  case test
  /// All problems.
  case all

  /// Whether the problem with a canonical key belongs to this part.
  public func contains(key: String) -> Bool {
    // The high bits: FNV-1a mixes its low bits less well for keys that differ at their end.
    let isTest = (stableHash("split " + key) &* 0x9E37_79B9_7F4A_7C15) >> 32 % 5 == 0
    switch self {
    case .train: return !isTest
    case .test: return isTest
    case .all: return true
    }
  }
}

/// What makes two drawn problems the same, so that only one of them is kept.
public enum TaskDistinctness: String, Sendable, Hashable, CaseIterable {
  /// The canonical key: at most one order of the same operands, one wording of a calculation.
  case key
  /// The text of the question. Far more problems: for demonstrations, where another order of
  /// the same numbers has other steps. Splits are made of keys all the same.
  case question
}
