import Foundation

/// The SHA-256 checksum (FIPS 180-4), one piece of data after another.
package final class SHA256 {
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]

  private static let start: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]

  // Plain memory: this runs over every byte of a checkpoint, in debug builds too.
  private let state = UnsafeMutablePointer<UInt32>.allocate(capacity: 8)
  private let schedule = UnsafeMutablePointer<UInt32>.allocate(capacity: 64)
  private let rounds = UnsafeMutablePointer<UInt32>.allocate(capacity: 64)
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  package init() {
    state.initialize(from: Self.start, count: 8)
    rounds.initialize(from: Self.constants, count: 64)
    schedule.initialize(repeating: 0, count: 64)
  }

  deinit {
    state.deallocate()
    schedule.deallocate()
    rounds.deallocate()
  }

  /// Adds bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    length += UInt64(bytes.count)
    var offset = 0
    if !pending.isEmpty {
      offset = min(64 - pending.count, bytes.count)
      pending.append(contentsOf: bytes[..<offset])
      guard pending.count == 64 else { return }
      pending.withUnsafeBytes { if let base = $0.baseAddress { process(base) } }
      pending.removeAll(keepingCapacity: true)
    }
    guard let base = bytes.baseAddress else { return }
    while offset + 64 <= bytes.count {
      process(base + offset)
      offset += 64
    }
    pending.append(contentsOf: bytes[offset...])
  }

  /// The checksum of everything added, as 64 lower-case hexadecimal digits; ends the computation.
  package func finish() -> String {
    let bits = length * 8
    var tail: [UInt8] = [0x80]
    while (pending.count + tail.count) % 64 != 56 { tail.append(0) }
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    tail.withUnsafeBytes { update($0) }
    var text = ""
    for index in 0..<8 {
      let hex = String(state[index], radix: 16)
      text += String(repeating: "0", count: 8 - hex.count) + hex
    }
    return text
  }

  private func process(_ block: UnsafeRawPointer) {
    @inline(__always) func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x &>> n | x &<< (32 &- n) }
    for i in 0..<16 {
      schedule[i] = UInt32(
        bigEndian: block.loadUnaligned(fromByteOffset: i * 4, as: UInt32.self))
    }
    for i in 16..<64 {
      let x = schedule[i &- 15]
      let y = schedule[i &- 2]
      let s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x &>> 3)
      let s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y &>> 10)
      schedule[i] = schedule[i &- 16] &+ s0 &+ schedule[i &- 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for i in 0..<64 {
      let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let first = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ rounds[i] &+ schedule[i]
      let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let second = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
      h = g
      g = f
      f = e
      e = d &+ first
      d = c
      c = b
      b = a
      a = first &+ second
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }
}

extension SHA256 {
  /// The checksum of bytes, as hexadecimal digits.
  package static func checksum(_ bytes: [UInt8]) -> String {
    let hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }

  /// The checksum of a file, read piece by piece.
  package static func checksum(ofFile path: String) throws(TrainingError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Files.error(path, "cannot be opened") }
    defer { close(descriptor) }
    let hash = SHA256()
    let capacity = 1 << 20
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer, capacity)
      if count < 0 {
        if errno == EINTR { continue }
        throw Files.error(path, "cannot be read")
      }
      if count == 0 { return hash.finish() }
      hash.update(UnsafeRawBufferPointer(start: buffer, count: count))
    }
  }
}
