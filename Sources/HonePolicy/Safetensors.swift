import HoneFiles
import HoneJSON

/// Reading safetensors files: an 8-byte little-endian length, a JSON header, then the tensors.
///
/// The header is checked as a whole when a file is opened. Tensors are read when they are asked for, a
/// piece at a time: memory is what the caller keeps.
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
  private let file: InputFile
  private let start: Int

  /// Elements that are read at once.
  private static let pieceLength = 1 << 18

  /// Opens a file and checks its header against its size.
  public init(path: String) throws(PolicyError) {
    self.path = path
    do {
      file = try InputFile(path)
    } catch {
      throw PolicyError(error)
    }
    let size = file.size ?? 0
    func bad(_ what: String) -> PolicyError { PolicyError(.badData, "\(path): \(what)") }
    let head = try Self.bytes(file, from: 0, count: min(size, 1024))
    if size < 1024, head.starts(with: Array("version https://git-lfs".utf8)) {
      throw bad("a \(size)-byte Git LFS pointer, not weights. Run: git lfs pull")
    }
    guard size >= 8 else {
      throw bad("\(size) bytes; a safetensors file has at least 8. Fetch or save it again")
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(head[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(size - 8), length <= UInt64(SafetensorsHeader.maximumBytes) else {
      throw bad(
        "the header claims \(length) bytes, the file has \(size), wanted at most \(SafetensorsHeader.maximumBytes). It is torn, or not safetensors"
      )
    }
    start = 8 + Int(length)
    let header = try SafetensorsHeader(
      Self.bytes(file, from: 8, count: Int(length)), path: path, size: size - start)
    entries = header.entries
    names = header.names
    metadata = header.metadata
  }

  private static func bytes(
    _ file: InputFile, from offset: Int, count: Int
  ) throws(PolicyError) -> [UInt8] {
    var fault: FileFault?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(FileFault) {
        try file.fill(UnsafeMutableRawBufferPointer(buffer), from: offset)
      } catch {
        fault = error
      }
      filled = count
    }
    if let fault { throw PolicyError(fault) }
    return bytes
  }

  /// A tensor's elements widened to fp32, exactly.
  public func floats(_ name: String) throws(PolicyError) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(entries[name]?.shape.reduce(1, *) ?? 0)
    try forEachPiece(of: name) { _, piece in values.append(contentsOf: piece) }
    return values
  }

  /// Reads a tensor piece by piece, its elements widened to fp32, exactly.
  ///
  /// - Parameters:
  ///   - unit: Pieces hold a multiple of so many elements: a row of a matrix, say.
  ///   - body: Gets the range of elements, and the elements.
  func forEachPiece(
    of name: String, unit: Int = 1,
    _ body: (Range<Int>, UnsafeBufferPointer<Float>) throws(PolicyError) -> Void
  ) throws(PolicyError) {
    guard let entry = entries[name] else {
      throw PolicyError(.badData, "\(path): no tensor '\(name)'")
    }
    guard let format = ElementFormat(rawValue: entry.type) else {
      throw PolicyError(
        .badData, "\(path): tensor '\(name)' has dtype \(entry.type), wanted F32, BF16 or F16")
    }
    let count = entry.shape.reduce(1, *)
    let unit = max(1, unit)
    let length = min(count, max(1, Self.pieceLength / unit) * unit)
    let raw = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, length * format.size), alignment: 64)
    defer { raw.deallocate() }
    let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, length))
    defer { floats.deallocate() }
    var first = 0
    while first < count {
      let range = first..<min(count, first + length)
      let bytes = UnsafeMutableRawBufferPointer(rebasing: raw[..<(range.count * format.size)])
      do {
        try file.fill(bytes, from: start + entry.range.lowerBound + first * format.size)
      } catch {
        throw PolicyError(error)
      }
      let piece = UnsafeMutableBufferPointer(rebasing: floats[..<range.count])
      format.widen(UnsafeRawBufferPointer(bytes), to: piece)
      try body(range, UnsafeBufferPointer(piece))
      first = range.upperBound
    }
  }
}

/// The formats of weights.
private enum ElementFormat: String {
  case single = "F32"
  case brain = "BF16"
  case half = "F16"

  /// Bytes of an element.
  var size: Int { self == .single ? 4 : 2 }

  func widen(_ bytes: UnsafeRawBufferPointer, to floats: UnsafeMutableBufferPointer<Float>) {
    switch self {
    case .single:
      let words = bytes.bindMemory(to: UInt32.self)
      for index in floats.indices {
        floats[index] = Float(bitPattern: .init(littleEndian: words[index]))
      }
    case .brain:
      let words = bytes.bindMemory(to: UInt16.self)
      for index in floats.indices {
        floats[index] = Float(bitPattern: UInt32(UInt16(littleEndian: words[index])) << 16)
      }
    case .half:
      let words = bytes.bindMemory(to: UInt16.self)
      for index in floats.indices { floats[index] = float(half: .init(littleEndian: words[index])) }
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
