extension ArraySlice where Element == UInt8 {
  /// Without white space at both ends.
  var trimmed: ArraySlice<UInt8> {
    var slice = drop(while: isSpace)
    while let last = slice.last, isSpace(last) { slice.removeLast() }
    return slice
  }

  /// Without the stars of Markdown around it or at its end.
  var withoutEmphasis: ArraySlice<UInt8> {
    var slice = self
    let stars = "**".utf8
    if slice.count > 4, slice.starts(with: stars), slice.suffix(2).elementsEqual(stars) {
      slice = slice.dropFirst(2)
    }
    if slice.count > 2, slice.suffix(2).elementsEqual(stars) { slice = slice.dropLast(2) }
    return slice.trimmed
  }

  /// Without the marks of code around it.
  var withoutBackticks: ArraySlice<UInt8> {
    let tick = UInt8(ascii: "`")
    guard count > 2, first == tick, last == tick else { return self }
    let inner = dropFirst().dropLast()
    return inner.contains(tick) ? self : inner.trimmed
  }

  /// Without any of these characters at the start.
  func skipping(_ characters: String) -> ArraySlice<UInt8> {
    drop { characters.utf8.contains($0) }
  }

  /// The place behind the last occurrence of a word, in any letter case.
  func endOfLast(_ word: String) -> Int? {
    let wanted = Array(word.utf8)
    guard count >= wanted.count else { return nil }
    return withUnsafeBufferPointer { bytes in
      var start = bytes.count - wanted.count
      while start >= 0 {
        if Self.matches(bytes, wanted, at: start) { return startIndex + start + wanted.count }
        start -= 1
      }
      return nil
    }
  }

  /// The place of the first occurrence of a word.
  func startOfFirst(_ word: String) -> Int? {
    let wanted = Array(word.utf8)
    guard count >= wanted.count else { return nil }
    return withUnsafeBufferPointer { bytes in
      for start in 0...(bytes.count - wanted.count) where Self.matches(bytes, wanted, at: start) {
        return startIndex + start
      }
      return nil
    }
  }

  private static func matches(
    _ bytes: UnsafeBufferPointer<UInt8>, _ wanted: [UInt8], at start: Int
  ) -> Bool {
    for (offset, letter) in wanted.enumerated() {
      let byte = bytes[start + offset]
      let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      guard (isCapital ? byte | 0x20 : byte) == letter else { return false }
    }
    return true
  }
}
