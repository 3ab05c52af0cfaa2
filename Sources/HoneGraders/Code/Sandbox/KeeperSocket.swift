import CSandbox
import Glibc

/// The conversation with a keeper: structures as they lie in memory, and bytes.
///
/// Both ends are the same executable, so a structure needs no encoding.
struct KeeperSocket {
  let descriptor: Int32

  /// Collects a message.
  struct Message {
    private(set) var bytes: [UInt8] = []

    mutating func append<Header: BitwiseCopyable>(_ header: Header) {
      withUnsafeBytes(of: header) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }
  }

  func send(_ message: Message) throws(SandboxFailure) {
    var done = 0
    while done < message.bytes.count {
      let sent = message.bytes.withUnsafeBytes { bytes in
        Glibc.send(
          descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
          Int32(MSG_NOSIGNAL))
      }
      if sent > 0 {
        done += sent
      } else if errno != EINTR {
        throw SandboxFailure(message: "the keeper does not listen: \(Self.reason())")
      }
    }
  }

  func receive(_ count: Int) throws(SandboxFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + done }, count - done)
      }
      if got > 0 {
        done += got
      } else if got == 0 {
        throw SandboxFailure(message: "the keeper has ended")
      } else if errno != EINTR {
        throw SandboxFailure(message: "the keeper cannot be read: \(Self.reason())")
      }
    }
    return bytes
  }

  func receive<Header: BitwiseCopyable>(_ type: Header.Type) throws(SandboxFailure) -> Header {
    let bytes = try receive(MemoryLayout<Header>.size)
    return bytes.withUnsafeBytes { $0.loadUnaligned(as: type) }
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
