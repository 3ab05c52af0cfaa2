import BigInt

extension TypedValue {
  /// The value on the wire: a tag, then lengths and contents, as driver.py describes.
  package func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .none: bytes.append(0x4E)
    case .bool(let value): bytes.append(value ? 0x54 : 0x46)
    case .integer(let value): Self.write(value, to: &bytes)
    case .float(let value):
      bytes.append(0x66)
      Self.write(value, to: &bytes)
    case .complex(let real, let imaginary):
      bytes.append(0x63)
      Self.write(real, to: &bytes)
      Self.write(imaginary, to: &bytes)
    case .string(let content): Self.write(0x73, content, to: &bytes)
    case .bytes(let content, let isMutable): Self.write(isMutable ? 0x61 : 0x62, content, to: &bytes)
    case .type(let name): Self.write(0x79, name, to: &bytes)
    case .sequence(let kind, let items):
      bytes.append(kind.rawValue)
      Self.write(count: items.count, to: &bytes)
      for item in items { item.write(to: &bytes) }
    case .set(let items, let isFrozen):
      bytes.append(isFrozen ? 0x5A : 0x53)
      Self.write(count: items.count, to: &bytes)
      for item in items { item.write(to: &bytes) }
    case .dictionary(let keys, let values):
      bytes.append(0x64)
      Self.write(count: keys.count, to: &bytes)
      for (key, value) in zip(keys, values) {
        key.write(to: &bytes)
        value.write(to: &bytes)
      }
    case .range(let start, let stop, let step):
      bytes.append(0x72)
      for bound in [start, stop, step] { Self.write(bound, to: &bytes) }
    }
  }

  private static func write(_ value: BigInt, to bytes: inout [UInt8]) {
    write(0x69, Array(String(value, radix: 16).utf8), to: &bytes)
  }

  private static func write(_ value: Double, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private static func write(_ tag: UInt8, _ content: [UInt8], to bytes: inout [UInt8]) {
    bytes.append(tag)
    write(count: content.count, to: &bytes)
    bytes.append(contentsOf: content)
  }

  private static func write(count: Int, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
  }
}
