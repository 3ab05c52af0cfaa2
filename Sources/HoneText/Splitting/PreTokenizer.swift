/// The `pre_tokenizer` of `tokenizer.json`: the steps that cut a text into words.
struct PreTokenizer: Sendable, Hashable {
  enum Step: Sendable, Hashable {
    /// `Split` by a known pattern, or the cutting inside `ByteLevel`.
    case split(SplitPattern)
    /// `Digits`: numbers apart from the rest, each digit alone or in runs.
    case digits(individual: Bool)
    /// `add_prefix_space` of `ByteLevel`: a space in front of each piece that has none.
    case prefixSpace
  }

  var steps: [Step]

  /// Calls `body` with the bytes of each word of well-formed UTF-8, in order.
  @inline(__always)
  func forEachWord(
    in bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    if steps.count == 1, case .split(let pattern) = steps[0] {
      pattern.forEachWord(in: bytes) { body(UnsafeBufferPointer(rebasing: bytes[$0])) }
    } else {
      apply(0, to: bytes, body)
    }
  }

  private func apply(
    _ index: Int, to bytes: UnsafeBufferPointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    guard index < steps.count else {
      if !bytes.isEmpty { body(bytes) }
      return
    }
    switch steps[index] {
    case .split(let pattern):
      pattern.forEachWord(in: bytes) {
        apply(index + 1, to: UnsafeBufferPointer(rebasing: bytes[$0]), body)
      }
    case .digits(let individual):
      let cursor = ScalarCursor(bytes)
      var start = 0
      while let first = cursor.item(at: start) {
        let isNumber = first.scalarClass == .number
        var end = first.end
        if !(isNumber && individual) {
          while let next = cursor.item(at: end), (next.scalarClass == .number) == isNumber {
            end = next.end
          }
        }
        apply(index + 1, to: UnsafeBufferPointer(rebasing: bytes[start..<end]), body)
        start = end
      }
    case .prefixSpace:
      guard let first = bytes.first, first != 0x20 else {
        apply(index + 1, to: bytes, body)
        return
      }
      let spaced = [0x20] + bytes
      spaced.withUnsafeBufferPointer { apply(index + 1, to: $0, body) }
    }
  }
}
