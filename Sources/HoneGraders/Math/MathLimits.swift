/// The bounds that are checked before any work is done on an answer.
///
/// Together they bound the time of one comparison to a few milliseconds, whatever is written.
/// A completion itself may be of any length: it is only scanned, once.
public struct MathLimits: Sendable, Hashable {
  /// Longest answer or reference, in UTF-8 bytes.
  public var bytes: Int
  /// Longest number, written out or as the result of a power, in digits.
  public var digits: Int
  /// Deepest nesting of brackets, fractions and the like.
  public var nesting: Int

  /// Makes limits; the defaults are far beyond honest answers.
  public init(bytes: Int = 16_384, digits: Int = 10_000, nesting: Int = 128) {
    self.bytes = bytes
    self.digits = digits
    self.nesting = nesting
  }

  /// The default limits.
  public static let standard = MathLimits()
}
