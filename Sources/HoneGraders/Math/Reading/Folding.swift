/// Rewrites an answer into ASCII and LaTeX, so that one lexer reads every notation.
///
/// `5√3 ≤ x²` becomes `5\sqrt 3 \le x^{2}`: superscripts are exponents and `4²` is never 42.
/// Invisible characters and marks of writing direction vanish. Letters of other scripts stay as
/// they are and can only be part of a text.
enum Folding {
  /// The folded bytes, or nil for control characters, which no answer holds.
  static func fold(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { bytes -> [UInt8]? in
      var isPlain = true
      for byte in bytes {
        if byte >= 0x80 {
          isPlain = false
        } else if byte < 0x20 || byte == 0x7F, !isSpace(byte) {
          return nil
        }
      }
      return isPlain ? Array(bytes) : foldScalars(String(decoding: bytes, as: UTF8.self))
    }
  }

  private static func foldScalars(_ text: String) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(text.utf8.count * 2)
    // Whether a run of raised or lowered characters is open.
    var script: Script?
    for scalar in text.unicodeScalars {
      let (kind, plain) = Script.read(scalar)
      if kind != script {
        if script != nil { folded.append(UInt8(ascii: "}")) }
        if let kind {
          folded += [kind == .raised ? UInt8(ascii: "^") : UInt8(ascii: "_"), UInt8(ascii: "{")]
        }
        script = kind
      }
      if let plain {
        folded.append(plain)
      } else if scalar.isASCII {
        folded.append(UInt8(scalar.value))
      } else {
        append(scalar, to: &folded)
      }
    }
    if script != nil { folded.append(UInt8(ascii: "}")) }
    return folded
  }

  private static func append(_ scalar: Unicode.Scalar, to folded: inout [UInt8]) {
    if let spelling = UnicodeNotation.spellings[scalar] {
      folded += spelling.utf8
    } else if let plain = UnicodeNotation.plain(scalar) {
      folded.append(plain)
    } else if !UnicodeNotation.isInvisible(scalar) {
      folded += UTF8.encode(scalar).map(Array.init) ?? []
    }
  }

  /// Raised or lowered characters.
  private enum Script {
    case raised, lowered

    /// The kind of a character and what it is on the line; `(nil, nil)` for all others.
    static func read(_ scalar: Unicode.Scalar) -> (Script?, UInt8?) {
      guard !scalar.isASCII else { return (nil, nil) }
      if let plain = UnicodeNotation.raised[scalar] { return (.raised, plain) }
      if let plain = UnicodeNotation.lowered[scalar] { return (.lowered, plain) }
      return (nil, nil)
    }
  }
}
