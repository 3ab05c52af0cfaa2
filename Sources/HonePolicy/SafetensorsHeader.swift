import HoneJSON

/// The header of a safetensors file, checked as the reference reader checks it (safetensors 0.8,
/// `Metadata::validate`): known formats, shapes that fit their bytes, and tensors that cover what
/// follows the header without gaps, overlaps or anything behind them.
struct SafetensorsHeader {
  /// The tensors by name.
  private(set) var entries: [String: SafetensorsReader.Entry] = [:]
  /// The names, in the order of the header.
  private(set) var names: [String] = []
  /// The `__metadata__`.
  private(set) var metadata: [String: String] = [:]

  /// The most bytes of a header.
  static let maximumBytes = 100_000_000

  private let path: String

  /// Reads a header.
  ///
  /// The object is cut into its members, and each is parsed alone: the memory is that of the tensors'
  /// entries, not of a tree of the whole.
  ///
  /// - Parameter size: Bytes of the file behind the header.
  init(_ bytes: [UInt8], path: String, size: Int) throws(PolicyError) {
    self.path = path
    var members = ObjectMembers(bytes)
    do throws(JSONError) {
      while let (key, value) = try members.next(file: path) { try read(key, value) }
    } catch {
      throw bad(error.file == nil ? error.message : "the header is not JSON: \(error.message)")
    }
    try checkPlaces(size)
  }

  private func bad(_ what: String) -> PolicyError { PolicyError(.badData, "\(path): \(what)") }

  /// Errors without a file are about the content.
  private func wrong(_ what: String) -> JSONError {
    JSONError(line: 0, column: 0, message: what)
  }

  private mutating func read(_ name: String, _ value: JSON) throws(JSONError) {
    if name == "__metadata__" {
      guard let object = value.object else {
        if value.isNull { return }
        throw wrong("__metadata__ is \(value.kindDescription), wanted an object of texts")
      }
      for (key, text) in object.pairs {
        guard let text = text.string else {
          throw wrong("__metadata__ '\(key)' is \(text.kindDescription), wanted a text")
        }
        metadata[key] = text
      }
      return
    }
    let offsets = value["data_offsets"]?.array?.compactMap(\.int) ?? []
    let shape = value["shape"]?.array?.compactMap(\.int) ?? []
    guard let type = value["dtype"]?.string, offsets.count == 2,
      value["data_offsets"]?.array?.count == 2, shape.count == value["shape"]?.array?.count,
      shape.allSatisfy({ $0 >= 0 })
    else { throw wrong("tensor '\(name)' lacks dtype, shape or data_offsets") }
    guard offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw wrong("tensor '\(name)' lies at bytes \(offsets[0])..<\(offsets[1])")
    }
    let entry = SafetensorsReader.Entry(
      type: type, shape: shape, range: offsets[0]..<offsets[1])
    try checkLength(name, entry)
    guard entries.updateValue(entry, forKey: name) == nil else {
      throw wrong("tensor '\(name)' is there twice")
    }
    names.append(name)
  }

  /// The bits of an element by format.
  private static let bits: [String: Int] = [
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
    "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
    "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
  ]

  private func checkLength(
    _ name: String, _ entry: SafetensorsReader.Entry
  ) throws(JSONError) {
    guard let size = Self.bits[entry.type] else {
      throw wrong("tensor '\(name)' has the dtype '\(entry.type)', which is not one of safetensors")
    }
    var bits: Int? = size
    for length in entry.shape {
      let (product, overflow) = (bits ?? 0).multipliedReportingOverflow(by: length)
      bits = overflow ? nil : bits.map { _ in product }
    }
    guard let bits else {
      throw wrong(
        "tensor '\(name)' has a shape of more elements than can be counted: \(entry.shape)")
    }
    guard bits % 8 == 0, bits / 8 == entry.range.count else {
      throw wrong(
        "tensor '\(name)' of shape \(entry.shape) in \(entry.type) has \(entry.range.count) bytes, wanted \(bits / 8)"
      )
    }
  }

  /// The tensors in the order of their bytes: each begins where the one before ends, the last one ends
  /// with the file.
  private func checkPlaces(_ size: Int) throws(PolicyError) {
    var end = 0
    let order = names.map { (name: $0, range: entries[$0]?.range ?? 0..<0) }.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for (name, range) in order {
      guard range.upperBound <= size else {
        throw bad(
          "tensor '\(name)' lies at bytes \(range.lowerBound)..<\(range.upperBound), the file holds \(size). It is torn: fetch or save it again"
        )
      }
      guard range.lowerBound == end else {
        throw bad(
          "tensor '\(name)' begins at byte \(range.lowerBound) and the one before it ends at \(end): tensors must lie end to end. Save the file again"
        )
      }
      end = range.upperBound
    }
    guard end == size else {
      throw bad(
        "\(size - end) bytes behind the last tensor, which ends at \(end). Fetch or save the file again"
      )
    }
  }
}

/// Cuts a JSON object into its members without reading them.
private struct ObjectMembers {
  private let bytes: [UInt8]
  private var at = 0
  private var isFirst = true

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next member; nil behind the closing brace.
  mutating func next(file: String) throws(JSONError) -> (key: String, value: JSON)? {
    if isFirst {
      skipSpace()
      try expect("{", file)
    }
    skipSpace()
    if at < bytes.count, bytes[at] == UInt8(ascii: "}"), isFirst || !isBehindComma {
      at += 1
      skipSpace()
      guard at == bytes.count else { throw error("there is something behind the object", file) }
      return nil
    }
    isFirst = false
    let start = at
    try skipString(file)
    guard case .string(let key) = try JSON.parse(Array(bytes[start..<at]), file: file) else {
      throw error("a key is wanted", file)
    }
    skipSpace()
    try expect(":", file)
    skipSpace()
    let value = at
    try skipValue(file)
    let json = try JSON.parse(Array(bytes[value..<at]), file: file)
    skipSpace()
    isBehindComma = at < bytes.count && bytes[at] == UInt8(ascii: ",")
    if isBehindComma {
      at += 1
    } else if at >= bytes.count || bytes[at] != UInt8(ascii: "}") {
      throw error("',' or '}' is wanted", file)
    }
    return (key, json)
  }

  private var isBehindComma = false

  private func error(_ what: String, _ file: String) -> JSONError {
    JSONError(file: file, line: 1, column: at + 1, message: "\(what), at byte \(at)")
  }

  private mutating func skipSpace() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
  }

  private mutating func expect(_ character: Unicode.Scalar, _ file: String) throws(JSONError) {
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else {
      throw error("'\(character)' is wanted", file)
    }
    at += 1
  }

  private mutating func skipString(_ file: String) throws(JSONError) {
    try expect("\"", file)
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at += 1
        return
      case UInt8(ascii: "\\"): at += 2
      default: at += 1
      }
    }
    at = bytes.count
    throw error("a text has no end", file)
  }

  /// Goes behind a value: a text, a structure with its matching end, or a word.
  private mutating func skipValue(_ file: String) throws(JSONError) {
    var depth = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""): try skipString(file)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
        at += 1
      case UInt8(ascii: ",") where depth == 0: return
      default: at += 1
      }
      if depth == 0, at < bytes.count,
        [UInt8(ascii: ","), UInt8(ascii: "}")].contains(bytes[at])
      {
        return
      }
    }
  }
}
