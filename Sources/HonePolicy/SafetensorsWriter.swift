import Foundation
import HoneFiles
import HoneJSON

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
    PolicyError(.inputOutput, "\(path): \(SystemError.ofWriting())")
  }
}

private func withUnsafeBytesThrowing<Value>(
  of value: inout Value, _ body: (UnsafeRawBufferPointer) throws(PolicyError) -> Void
) throws(PolicyError) {
  try withUnsafePointer(to: &value) { pointer throws(PolicyError) in
    try body(UnsafeRawBufferPointer(start: pointer, count: MemoryLayout<Value>.size))
  }
}
