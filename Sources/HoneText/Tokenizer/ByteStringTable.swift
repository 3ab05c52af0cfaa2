/// Byte strings by number and numbers by byte string: one flat buffer and an open hash table.
///
/// Strings are compared byte by byte, unlike Swift's own, for which composed and decomposed letters
/// are equal. A number may be left without a string.
struct ByteStringTable: Sendable {
  private var bytes: [UInt8] = []
  private var ranges: [Range<Int>?] = []
  private var slots: [Int32]
  private var stored = 0

  init(capacity: Int = 16) {
    slots = Array(repeating: -1, count: max(16, capacity * 2).nextPowerOfTwo)
  }

  /// The highest number that was given, plus 1.
  var count: Int { ranges.count }

  /// Gives a number to a string; false, without effect, if either is taken.
  mutating func insert(_ string: some Collection<UInt8>, number: Int) -> Bool {
    let string = Array(string)
    guard self[number] == nil, self.number(of: string) == nil else { return false }
    while ranges.count <= number { ranges.append(nil) }
    ranges[number] = bytes.count..<bytes.count + string.count
    bytes.append(contentsOf: string)
    stored += 1
    if stored * 2 > slots.count {
      slots = Array(repeating: -1, count: slots.count * 2)
      for index in ranges.indices where ranges[index] != nil { place(index) }
    } else {
      place(number)
    }
    return true
  }

  /// The string with a number.
  subscript(number: Int) -> ArraySlice<UInt8>? {
    guard ranges.indices.contains(number), let range = ranges[number] else { return nil }
    return bytes[range]
  }

  /// The number of a string.
  func number(of string: UnsafeBufferPointer<UInt8>) -> Int? {
    bytes.withUnsafeBufferPointer { all in
      var slot = Self.hash(string) & (slots.count - 1)
      while slots[slot] >= 0 {
        let number = Int(slots[slot])
        if let range = ranges[number], range.count == string.count,
          zip(range, string).allSatisfy({ all[$0] == $1 })
        {
          return number
        }
        slot = (slot + 1) & (slots.count - 1)
      }
      return nil
    }
  }

  /// The number of a string.
  func number(of string: [UInt8]) -> Int? {
    string.withUnsafeBufferPointer { number(of: $0) }
  }

  private mutating func place(_ number: Int) {
    guard let range = ranges[number] else { return }
    let hash = bytes.withUnsafeBufferPointer { Self.hash(UnsafeBufferPointer(rebasing: $0[range])) }
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(number)
  }

  // FNV-1a, folded so that the low bits depend on all.
  private static func hash(_ string: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in string { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
  }
}

extension Int {
  /// The least power of two that is not below this.
  var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
