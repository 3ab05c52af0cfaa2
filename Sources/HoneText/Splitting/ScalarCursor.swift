/// Reads scalars from UTF-8 that is known to be well formed.
struct ScalarCursor {
  let bytes: UnsafeBufferPointer<UInt8>

  /// A scalar with its class and the index behind it.
  struct Item {
    var value: UInt32
    var scalarClass: ScalarClass
    var end: Int

    var isNewline: Bool { value == 0x0A || value == 0x0D }
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The scalar that starts at an index, or `nil` at the end.
  @inline(__always)
  func item(at index: Int) -> Item? {
    guard index < bytes.count else { return nil }
    let lead = UInt32(bytes[index])
    if lead < 0x80 {
      return Item(
        value: lead, scalarClass: ScalarClass(Unicode.Scalar(UInt8(lead))), end: index + 1)
    }
    let value: UInt32
    let length: Int
    if lead < 0xE0 {
      (value, length) = ((lead & 0x1F) << 6 | tail(index + 1), 2)
    } else if lead < 0xF0 {
      (value, length) = ((lead & 0x0F) << 12 | tail(index + 1) << 6 | tail(index + 2), 3)
    } else {
      value = (lead & 0x07) << 18 | tail(index + 1) << 12 | tail(index + 2) << 6 | tail(index + 3)
      length = 4
    }
    guard let scalar = Unicode.Scalar(value) else {
      preconditionFailure("ScalarCursor: the bytes at \(index) are not UTF-8")
    }
    return Item(value: value, scalarClass: ScalarClass(scalar), end: index + length)
  }

  /// The end of the run of one class that starts at an index.
  @inline(__always)
  func endOfRun(_ scalarClass: ScalarClass, from index: Int) -> Int {
    var end = index
    while let item = item(at: end), item.scalarClass == scalarClass { end = item.end }
    return end
  }

  private func tail(_ index: Int) -> UInt32 { UInt32(bytes[index] & 0x3F) }
}
