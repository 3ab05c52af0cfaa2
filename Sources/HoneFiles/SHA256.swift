import CDigest

/// The SHA-256 checksum (FIPS 180-4), one piece of data after another.
package struct SHA256 {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  /// The checksum of nothing yet.
  package init() {}

  /// Adds bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length += UInt64(bytes.count)
    var rest = bytes
    if !pending.isEmpty {
      let taken = min(64 - pending.count, rest.count)
      pending.append(contentsOf: rest[..<taken])
      rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
      guard pending.count == 64 else { return }
      pending.withUnsafeBytes { Self.compress(&state, $0, blocks: 1) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count / 64
    Self.compress(&state, rest, blocks: whole)
    pending.append(contentsOf: rest[(64 * whole)...])
  }

  /// The checksum of everything added, as 64 lower-case hexadecimal digits; more may be added after.
  package var hexadecimal: String {
    var copy = self
    var tail: [UInt8] = [0x80]
    while (pending.count + tail.count) % 64 != 56 { tail.append(0) }
    withUnsafeBytes(of: (length * 8).bigEndian) { tail.append(contentsOf: $0) }
    tail.withUnsafeBytes { copy.update($0) }
    return copy.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private static func compress(
    _ state: inout [UInt32], _ bytes: UnsafeRawBufferPointer, blocks: Int
  ) {
    guard blocks > 0, let base = bytes.baseAddress else { return }
    state.withUnsafeMutableBufferPointer { words in
      guard let words = words.baseAddress else { return }
      cdigest_sha256(words, base.assumingMemoryBound(to: UInt8.self), blocks)
    }
  }
}

extension SHA256 {
  /// The checksum of bytes, as hexadecimal digits.
  package static func checksum(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.hexadecimal
  }

  /// The checksum of a file, read piece by piece; nil and `errno` where it cannot be read.
  package static func checksum(ofFile path: String) -> String? {
    let descriptor = SystemCalls.open(path, [.readOnly])
    guard descriptor >= 0 else { return nil }
    defer { SystemCalls.close(descriptor, path: path) }
    var hash = SHA256()
    let capacity = 1 << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = SystemCalls.read(descriptor, buffer, path: path)
      if count < 0 { return nil }
      if count == 0 { return hash.hexadecimal }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
