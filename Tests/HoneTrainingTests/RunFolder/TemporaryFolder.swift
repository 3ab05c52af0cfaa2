import Foundation
import HoneTraining

/// A folder that is gone when the test is.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("hone-training-tests-\(UUID().uuidString)")
    path = url.path
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws {
    try Files.replace(file(name), with: Array(text.utf8))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Files.read(file(name)), as: UTF8.self)
  }

  /// The rows of a file without their checksums.
  func rows(_ name: String) throws -> String {
    try text(name).replacing(/,?"crc32":"[0-9a-f]{8}"}/, with: "}")
  }

  /// Changes one bit of a file.
  func flip(_ name: String, at offset: Int) throws {
    var bytes = try Files.read(file(name))
    bytes[offset] ^= 1
    try Files.replace(file(name), with: bytes)
  }
}
