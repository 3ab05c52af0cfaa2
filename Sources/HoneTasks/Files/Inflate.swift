import CZlib
import Foundation

/// Unpacks compressed bytes, and refuses what would fill the memory.
package enum Inflate {
  /// The container around the deflated data.
  package enum Format: String, Sendable {
    case gzip, zlib

    fileprivate var code: czlib_format { self == .gzip ? CZLIB_GZIP : CZLIB_ZLIB }
  }

  /// Whether bytes begin as a gzip file does; no JSON text begins so.
  package static func isGzip(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: [0x1F, 0x8B])
  }

  /// The unpacked bytes.
  ///
  /// The length is counted first, at constant memory: a small file that unpacks to more than the
  /// limit costs time and nothing else.
  ///
  /// - Parameters:
  ///   - bytes: The whole container; gzip may have several members.
  ///   - format: The container.
  ///   - limit: The most bytes to unpack to.
  /// - Throws: ``TaskError`` without a place: truncated or damaged data, something behind it, or
  ///   more than the limit.
  package static func inflated(
    _ bytes: some ContiguousBytes, _ format: Format, limit: Int
  ) throws(TaskError) -> [UInt8] {
    let (status, count) = call(bytes, format, into: nil, capacity: limit)
    if let fault = fault(status, format, count: count, limit: limit) { throw fault }
    var output: [UInt8] = []
    var again = CZLIB_OK
    output = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      (again, filled) = call(bytes, format, into: buffer.baseAddress, capacity: count)
    }
    // Only memory can be short now: the same bytes have just been read without a fault.
    if let fault = fault(again, format, count: output.count, limit: limit) { throw fault }
    return output
  }

  private static func call(
    _ bytes: some ContiguousBytes, _ format: Format, into output: UnsafeMutablePointer<UInt8>?,
    capacity: Int
  ) -> (status: czlib_status, count: Int) {
    bytes.withUnsafeBytes { raw in
      var count = 0
      let start = raw.bindMemory(to: UInt8.self).baseAddress
      let status = czlib_inflate(format.code, start, raw.count, output, capacity, &count)
      return (status, count)
    }
  }

  private static func fault(
    _ status: czlib_status, _ format: Format, count: Int, limit: Int
  ) -> TaskError? {
    switch status {
    case CZLIB_OK: nil
    case CZLIB_TRUNCATED:
      TaskError("the \(format) data is truncated: it ends within a stream, \(count) bytes in")
    case CZLIB_TRAILING:
      TaskError("the \(format) data is followed by something else, \(count) bytes in")
    case CZLIB_TOO_LONG:
      TaskError("the \(format) data unpacks to more than \(limit) bytes, which is the limit")
    case CZLIB_OUT_OF_MEMORY: TaskError("no memory to unpack the \(format) data")
    default: TaskError("not \(format) data, or damaged: zlib refuses it \(count) bytes in")
    }
  }
}
