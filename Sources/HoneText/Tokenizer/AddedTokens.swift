import HoneJSON

/// A token that is found in the text as a whole, before any splitting: `<|endoftext|>` and the like.
struct AddedToken: Sendable, Hashable {
  var id: Int32
  var content: String
  /// Left out where special tokens are skipped, and not found where they are not to be parsed.
  var isSpecial = true
  /// Searched in the normalised text instead of the text itself.
  var isNormalized = false
  /// Found only where no word goes on at its ends.
  var isSingleWord = false
  /// Takes the white space before it along.
  var stripsLeft = false
  /// Takes the white space behind it along.
  var stripsRight = false

  /// The form that `tokenizer.json` holds.
  var json: JSON {
    [
      "id": .integer(Int(id)), "content": .string(content), "single_word": .bool(isSingleWord),
      "lstrip": .bool(stripsLeft), "rstrip": .bool(stripsRight),
      "normalized": .bool(isNormalized), "special": .bool(isSpecial),
    ]
  }
}

/// Finds added tokens in a text: the leftmost, and the longest of those that start there.
struct AddedTokenMatcher: Sendable {
  private struct Node: Sendable {
    var edges: [(byte: UInt8, node: Int32)] = []
    var token: Int32 = -1
  }

  private let tokens: [AddedToken]
  private var nodes: [Node] = [Node()]
  private var startBytes = [Bool](repeating: false, count: 256)

  /// Makes a matcher; `pattern` is the text that is searched for a token.
  init(_ tokens: [AddedToken], pattern: (AddedToken) -> String = \.content) {
    self.tokens = tokens
    for (index, token) in tokens.enumerated() {
      var node = 0
      let bytes = Array(pattern(token).utf8)
      guard let first = bytes.first else { continue }
      startBytes[Int(first)] = true
      for byte in bytes {
        if let edge = nodes[node].edges.first(where: { $0.byte == byte }) {
          node = Int(edge.node)
        } else {
          nodes.append(Node())
          nodes[node].edges.append((byte, Int32(nodes.count - 1)))
          node = nodes.count - 1
        }
      }
      nodes[node].token = Int32(index)
    }
  }

  var isEmpty: Bool { nodes.count == 1 }

  /// Calls `body` with each stretch of the text and the token it is, `nil` for ordinary text.
  func forEachStretch(
    in bytes: UnsafeBufferPointer<UInt8>, findingSpecial: Bool,
    _ body: (Range<Int>, AddedToken?) -> Void
  ) {
    var textStart = 0
    var index = 0
    while index < bytes.count {
      guard startBytes[Int(bytes[index])],
        let (token, matchEnd) = longestMatch(in: bytes, at: index)
      else {
        index += 1
        continue
      }
      let goesOn = index > 0 && bytes.endsInWord(before: index)
      let isGoneOn = bytes.startsWord(at: matchEnd)
      if token.isSpecial && !findingSpecial || token.isSingleWord && (goesOn || isGoneOn) {
        index = matchEnd
        continue
      }
      let start = token.stripsLeft ? bytes.startOfSpace(before: index, limit: textStart) : index
      let end = token.stripsRight ? ScalarCursor(bytes).endOfRun(.space, from: matchEnd) : matchEnd
      if textStart < start { body(textStart..<start, nil) }
      body(start..<end, token)
      textStart = end
      index = end
    }
    if textStart < bytes.count { body(textStart..<bytes.count, nil) }
  }

  private func longestMatch(
    in bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (AddedToken, end: Int)? {
    var node = 0
    var found: (AddedToken, end: Int)?
    for index in start..<bytes.count {
      guard let edge = nodes[node].edges.first(where: { $0.byte == bytes[index] }) else { break }
      node = Int(edge.node)
      if nodes[node].token >= 0 { found = (tokens[Int(nodes[node].token)], index + 1) }
    }
    return found
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func startOfScalar(before index: Int) -> Int {
    var start = index - 1
    while start > 0 && self[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  fileprivate func startOfSpace(before index: Int, limit: Int) -> Int {
    var start = index
    while start > limit {
      let previous = startOfScalar(before: start)
      guard ScalarCursor(self).item(at: previous)?.scalarClass == .space else { break }
      start = previous
    }
    return start
  }

  fileprivate func endsInWord(before index: Int) -> Bool {
    startsWord(at: startOfScalar(before: index))
  }

  // `\w` as Unicode defines it for regular expressions (UTS #18, annex C).
  fileprivate func startsWord(at index: Int) -> Bool {
    guard let item = ScalarCursor(self).item(at: index), let scalar = Unicode.Scalar(item.value)
    else { return false }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default:
      return properties.isAlphabetic || properties.isJoinControl
    }
  }
}
