import Foundation
import HoneFiles
import HoneJSON

/// Reading safetensors files: an 8-byte little-endian length, a JSON header, then the tensors.
public final class SafetensorsReader {
  /// One tensor of the header.
  public struct Entry: Sendable, Hashable {
    /// The number format: `F32`, `BF16` and so on.
    public var type: String
    /// The shape, row-major.
    public var shape: [Int]
    /// Bytes from the end of the header.
    public var range: Range<Int>
  }

  /// The file.
  public let path: String
  /// The tensors by name.
  public let entries: [String: Entry]
  /// The names, in the order of the header.
  public let names: [String]
  /// The header's `__metadata__`.
  public let metadata: [String: String]
  private let data: Data
  private let start: Int

  /// Opens a file and checks its header against its size.
  public init(path: String) throws(PolicyError) {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      throw PolicyError(.missingFile, "\(path): no such file")
    }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch {
      throw PolicyError(.inputOutput, "\(path): cannot be read: \(error.systemReason)")
    }
    self.data = data
    func bad(_ what: String) -> PolicyError { PolicyError(.badData, "\(path): \(what)") }
    if data.count < 1024, data.starts(with: Array("version https://git-lfs".utf8)) {
      throw bad("a \(data.count)-byte Git LFS pointer, not weights. Run: git lfs pull")
    }
    guard data.count >= 8 else {
      throw bad("\(data.count) bytes; a safetensors file has at least 8. Fetch or save it again")
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(data.count - 8), length <= 100_000_000 else {
      throw bad(
        "the header claims \(length) bytes, the file has \(data.count). It is torn, or not safetensors"
      )
    }
    let body = 8 + Int(length)
    start = body
    let header: JSON
    do {
      header = try JSON.parse(Array(data[8..<body]), file: path)
    } catch {
      throw bad("the header is not JSON: \(error)")
    }
    guard let object = header.object else { throw bad("the header is not a JSON object") }
    var entries: [String: Entry] = [:]
    var names: [String] = []
    var metadata: [String: String] = [:]
    for (name, value) in object.pairs {
      if name == "__metadata__" {
        for (key, text) in value.object?.pairs ?? [] { metadata[key] = text.string }
        continue
      }
      let offsets = value["data_offsets"]?.array?.compactMap(\.int) ?? []
      let shape = value["shape"]?.array?.compactMap(\.int) ?? []
      guard let type = value["dtype"]?.string, offsets.count == 2,
        shape.count == value["shape"]?.array?.count, shape.allSatisfy({ $0 >= 0 })
      else { throw bad("tensor '\(name)' lacks dtype, shape or data_offsets") }
      guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= data.count - body else {
        throw bad(
          "tensor '\(name)' lies at bytes \(offsets[0])..<\(offsets[1]), the file holds \(data.count - body). It is torn: fetch or save it again"
        )
      }
      entries[name] = Entry(type: type, shape: shape, range: offsets[0]..<offsets[1])
      names.append(name)
    }
    self.entries = entries
    self.names = names
    self.metadata = metadata
  }

  /// A tensor's elements widened to fp32, exactly.
  public func floats(_ name: String) throws(PolicyError) -> [Float] {
    guard let entry = entries[name] else {
      throw PolicyError(.badData, "\(path): no tensor '\(name)'")
    }
    let count = entry.shape.reduce(1, *)
    let size = entry.type == "F32" ? 4 : entry.type == "BF16" || entry.type == "F16" ? 2 : 0
    guard size > 0 else {
      throw PolicyError(
        .badData, "\(path): tensor '\(name)' has dtype \(entry.type), wanted F32, BF16 or F16")
    }
    guard entry.range.count == count * size else {
      throw PolicyError(
        .badData,
        "\(path): tensor '\(name)' of shape \(entry.shape) has \(entry.range.count) bytes, wanted \(count * size)"
      )
    }
    return data.withUnsafeBytes { bytes in
      let base = start + entry.range.lowerBound
      return (0..<count).map { index in
        switch entry.type {
        case "F32":
          return Float(
            bitPattern: UInt32(
              littleEndian: bytes.loadUnaligned(fromByteOffset: base + 4 * index, as: UInt32.self)))
        case "BF16":
          let high = bytes.loadUnaligned(fromByteOffset: base + 2 * index, as: UInt16.self)
          return Float(bitPattern: UInt32(UInt16(littleEndian: high)) << 16)
        default:
          return float(
            half: UInt16(
              littleEndian: bytes.loadUnaligned(fromByteOffset: base + 2 * index, as: UInt16.self)))
        }
      }
    }
  }

  /// IEEE half to single precision, exactly.
  private func float(half: UInt16) -> Float {
    let magnitude = UInt32(half & 0x7FFF)
    let sign: Float = half & 0x8000 != 0 ? -1 : 1
    switch magnitude {
    case 0..<0x400: return sign * Float(magnitude) * 0x1p-24
    case 0x7C00: return sign * .infinity
    case 0x7C01...: return .nan
    default: return sign * Float(bitPattern: (magnitude << 13) + ((127 - 15) << 23))
    }
  }
}

/// Writing safetensors files, fp32, one tensor in memory at a time.
public struct SafetensorsWriter {
  /// A tensor to be written: its elements are asked for when their turn comes.
  public struct Tensor {
    var name: String
    var shape: [Int]
    var values: () -> [Float]

    /// A tensor.
    public init(name: String, shape: [Int], values: @escaping () -> [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// Writes a whole file; an existing one is replaced only in full.
  ///
  /// `__metadata__` always says `format: pt`, without which `transformers` refuses a file.
  public static func write(
    _ tensors: [Tensor], metadata: [(String, String)] = [], to path: String
  ) throws(PolicyError) {
    var header = JSONObject()
    header["__metadata__"] = .object(
      JSONObject([("format", .string("pt"))] + metadata.map { ($0.0, .string($0.1)) }))
    var offset = 0
    for tensor in tensors {
      let bytes = tensor.shape.reduce(1, *) * 4
      header[tensor.name] = .object(
        JSONObject([
          ("dtype", .string("F32")), ("shape", .array(tensor.shape.map { .integer($0) })),
          ("data_offsets", .array([.integer(offset), .integer(offset + bytes)])),
        ]))
      offset += bytes
    }
    var text = Array(JSON.object(header).serialized().utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    let file = try OutputFile(path: path)
    var length = UInt64(text.count).littleEndian
    try withUnsafeBytesThrowing(of: &length) { bytes throws(PolicyError) in try file.write(bytes) }
    try text.withUnsafeBytesOf { bytes throws(PolicyError) in try file.write(bytes) }
    for tensor in tensors {
      let values = tensor.values()
      precondition(values.count == tensor.shape.reduce(1, *), "\(tensor.name): wrong count")
      try values.withUnsafeBytesOf { bytes throws(PolicyError) in try file.write(bytes) }
    }
    try file.close()
  }
}

/// A file being written whose every error is reported: a full disk above all.
final class OutputFile {
  private let path: String
  private var descriptor: Int32

  init(path: String) throws(PolicyError) {
    self.path = path
    descriptor = SystemCalls.open(path, [.writeOnly, .create, .truncate])
    if descriptor < 0 { throw OutputFile.failure(path) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(PolicyError) {
    guard SystemCalls.writeAll(descriptor, bytes, path: path) == 0 else {
      throw OutputFile.failure(path)
    }
  }

  func close() throws(PolicyError) {
    let closed = SystemCalls.close(descriptor, path: path)
    descriptor = -1
    if closed != 0 { throw OutputFile.failure(path) }
  }

  deinit { if descriptor >= 0 { SystemCalls.close(descriptor, path: path) } }

  private static func failure(_ path: String) -> PolicyError {
    PolicyError(.inputOutput, "\(path): cannot be written: \(String(cString: strerror(errno)))")
  }
}

private func withUnsafeBytesThrowing<Value>(
  of value: inout Value, _ body: (UnsafeRawBufferPointer) throws(PolicyError) -> Void
) throws(PolicyError) {
  try withUnsafePointer(to: &value) { pointer throws(PolicyError) in
    try body(UnsafeRawBufferPointer(start: pointer, count: MemoryLayout<Value>.size))
  }
}
