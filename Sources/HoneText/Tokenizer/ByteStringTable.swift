/// Byte strings by number and numbers by byte string: one flat buffer and an open hash table.
///
/// Strings are compared byte by byte, unlike Swift's own, for which composed and decomposed letters
/// are equal. A number may be left without a string.
struct ByteStringTable: Sendable {
  private struct Entry: Sendable {
    var number: Int32
    var range: Range<Int>
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// The entry of a number.
  private var places = SparseTable()
  /// The entries by hash.
  private var slots: [Int32]

  init(capacity: Int = 16) {
    slots = Array(repeating: -1, count: max(16, capacity * 2).nextPowerOfTwo)
  }

  /// The highest number that was given, plus 1.
  var count: Int { places.count }

  /// The numbers that were given, in order.
  var numbers: [Int] { entries.map { Int($0.number) }.sorted() }

  /// Gives a number to a string; false, without effect, if either is taken.
  mutating func insert(_ string: some Collection<UInt8>, number: Int) -> Bool {
    let string = Array(string)
    guard self[number] == nil, self.number(of: string) == nil else { return false }
    places[number] = entries.count
    entries.append(
      Entry(number: Int32(number), range: bytes.count..<bytes.count + string.count))
    bytes.append(contentsOf: string)
    if entries.count * 2 > slots.count {
      slots = Array(repeating: -1, count: slots.count * 2)
      for entry in entries.indices { place(entry) }
    } else {
      place(entries.count - 1)
    }
    return true
  }

  /// The string with a number.
  subscript(number: Int) -> ArraySlice<UInt8>? {
    places[number].map { bytes[entries[$0].range] }
  }

  /// The number of a string.
  func number(of string: UnsafeBufferPointer<UInt8>) -> Int? {
    bytes.withUnsafeBufferPointer { all in
      var slot = Self.hash(string) & (slots.count - 1)
      while slots[slot] >= 0 {
        let entry = entries[Int(slots[slot])]
        if entry.range.count == string.count,
          zip(entry.range, string).allSatisfy({ all[$0] == $1 })
        {
          return Int(entry.number)
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

  private mutating func place(_ entry: Int) {
    let range = entries[entry].range
    let hash = bytes.withUnsafeBufferPointer { Self.hash(UnsafeBufferPointer(rebasing: $0[range])) }
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(entry)
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

/// Places by number, in pages that exist where a number was given: a single high id costs a page.
struct SparseTable: Sendable {
  private static let pageSize = 1024
  private var pages: [[Int32]] = []
  /// The highest number that was given, plus 1.
  private(set) var count = 0

  subscript(number: Int) -> Int? {
    get {
      guard number >= 0, number < count else { return nil }
      let page = pages[number / Self.pageSize]
      guard !page.isEmpty else { return nil }
      let place = page[number % Self.pageSize]
      return place < 0 ? nil : Int(place)
    }
    set {
      let page = number / Self.pageSize
      while pages.count <= page { pages.append([]) }
      if pages[page].isEmpty { pages[page] = Array(repeating: -1, count: Self.pageSize) }
      pages[page][number % Self.pageSize] = Int32(newValue ?? -1)
      count = max(count, number + 1)
    }
  }
}
