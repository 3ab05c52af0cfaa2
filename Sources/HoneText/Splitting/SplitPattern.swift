/// How a text is cut into words before its bytes are merged.
///
/// Each pattern is a scanner written by hand that cuts exactly where the regular expression of the
/// same name does in the `tokenizers` library. Every byte of the text falls into one word.
public enum SplitPattern: String, Sendable, Hashable, CaseIterable {
  /// GPT-2's pattern (Radford et al. 2019): runs of letters, numbers or others with one space in
  /// front.
  case gpt2
  /// Llama 3's pattern: letters with one sign in front, numbers of at most three digits, newlines
  /// apart from other space.
  case llama3
  /// Qwen2's pattern: as Llama 3's, but each digit alone.
  case qwen2

  /// The regular expression that `tokenizer.json` holds.
  public var regularExpression: String {
    switch self {
    case .gpt2:
      #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
    case .llama3:
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"#
        + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    case .qwen2:
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"#
        + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }
  }

  /// The pattern with a regular expression, if it is one of the known ones.
  public init?(regularExpression: String) {
    guard let known = Self.allCases.first(where: { $0.regularExpression == regularExpression })
    else { return nil }
    self = known
  }

  /// The words of a text, in order; joined they are the text.
  public func words(in text: String) -> [String] {
    var text = text
    return text.withUTF8 { bytes in
      var words: [String] = []
      forEachWord(in: bytes) { words.append(String(decoding: bytes[$0], as: UTF8.self)) }
      return words
    }
  }

  /// Calls `body` with the byte range of each word of well-formed UTF-8, in order.
  @inline(__always)
  func forEachWord(in bytes: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
    let cursor = ScalarCursor(bytes)
    var start = 0
    while start < bytes.count {
      let end =
        switch self {
        case .gpt2: cursor.endOfGPT2Word(from: start)
        case .llama3: cursor.endOfLlamaWord(from: start, maximumDigits: 3)
        case .qwen2: cursor.endOfLlamaWord(from: start, maximumDigits: 1)
        }
      body(start..<end)
      start = end
    }
  }
}

// MARK: - Scanners
// The alternatives of each expression are tried in its order, the first that matches wins.

extension ScalarCursor {
  fileprivate func endOfGPT2Word(from start: Int) -> Int {
    if let end = endOfContraction(from: start, ignoringCase: false) { return end }
    guard let first = item(at: start) else { return start }
    // " ?\p{L}+", " ?\p{N}+" and " ?[^\s\p{L}\p{N}]+"
    if first.value == 0x20, let second = item(at: first.end), second.scalarClass != .space {
      return endOfRun(second.scalarClass, from: second.end)
    }
    if first.scalarClass != .space { return endOfRun(first.scalarClass, from: first.end) }
    return endOfSpace(from: start)
  }

  fileprivate func endOfLlamaWord(from start: Int, maximumDigits: Int) -> Int {
    if let end = endOfContraction(from: start, ignoringCase: true) { return end }
    guard let first = item(at: start) else { return start }
    switch first.scalarClass {
    case .letter:
      return endOfRun(.letter, from: first.end)
    case .number:
      // "\p{N}{1,3}" or "\p{N}"
      var end = first.end
      var count = 1
      while count < maximumDigits, let next = item(at: end), next.scalarClass == .number {
        end = next.end
        count += 1
      }
      return end
    case .space, .other:
      // "[^\r\n\p{L}\p{N}]?\p{L}+"
      let second = item(at: first.end)
      if !first.isNewline, let second, second.scalarClass == .letter {
        return endOfRun(.letter, from: second.end)
      }
      // " ?[^\s\p{L}\p{N}]+[\r\n]*"
      if first.scalarClass == .other { return endOfSigns(from: first.end) }
      if first.value == 0x20, let second, second.scalarClass == .other {
        return endOfSigns(from: second.end)
      }
      return endOfNewlines(from: start) ?? endOfSpace(from: start)
    }
  }

  // The rest of "[^\s\p{L}\p{N}]+[\r\n]*" behind its first scalar.
  private func endOfSigns(from index: Int) -> Int {
    var end = endOfRun(.other, from: index)
    while end < bytes.count, bytes[end] == 0x0A || bytes[end] == 0x0D { end += 1 }
    return end
  }

  // "\s*[\r\n]+": white space up to its last newline.
  private func endOfNewlines(from start: Int) -> Int? {
    var end = start
    var afterNewline: Int?
    while let item = item(at: end), item.scalarClass == .space {
      end = item.end
      if item.isNewline { afterNewline = end }
    }
    return afterNewline
  }

  // "\s+(?!\S)|\s+": white space, without its last scalar when a word follows and there are two.
  private func endOfSpace(from start: Int) -> Int {
    var end = start
    var beforeLast = start
    while let item = item(at: end), item.scalarClass == .space {
      beforeLast = end
      end = item.end
    }
    return end < bytes.count && beforeLast > start ? beforeLast : end
  }

  // "'s|'t|'re|'ve|'m|'ll|'d". Without regard to case, ſ (U+017F) is an s as well: that is how
  // Unicode folds it, and the library with it.
  private func endOfContraction(from start: Int, ignoringCase: Bool) -> Int? {
    guard bytes[start] == UInt8(ascii: "'"), start + 1 < bytes.count else { return nil }
    let caseBit: UInt8 = ignoringCase ? 0x20 : 0
    let first = bytes[start + 1] | caseBit
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    default: break
    }
    guard start + 2 < bytes.count else { return nil }
    let second = bytes[start + 2] | caseBit
    switch (first, second) {
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default: break
    }
    let isLongS = ignoringCase && bytes[start + 1] == 0xC5 && bytes[start + 2] == 0xBF
    return isLongS ? start + 3 : nil
  }
}
