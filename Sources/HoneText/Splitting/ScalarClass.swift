/// What the split patterns distinguish in a Unicode scalar.
package enum ScalarClass {
  /// `\p{L}`
  case letter
  /// `\p{N}`
  case number
  /// `\s`, which is the property White_Space
  case space
  /// Anything else: punctuation, symbols, marks, controls, unassigned.
  case other

  /// The class by Unicode 16, the version that the `tokenizers` library follows.
  ///
  /// Scalars that came later count as ``other``, so that ids do not depend on the standard
  /// library's Unicode version.
  package init(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x41...0x5A, 0x61...0x7A: self = .letter
    case 0x30...0x39: self = .number
    case 0x09...0x0D, 0x20: self = .space
    case 0..<0x80: self = .other
    case 0x4E00...0x9FFF, 0xAC00...0xD7A3: self = .letter  // unified ideographs, Hangul
    default: self = ScalarClass(looking: scalar)
    }
  }

  private init(looking scalar: Unicode.Scalar) {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      self = ScalarClass.isKnown(scalar) ? .letter : .other
    case .decimalNumber, .letterNumber, .otherNumber:
      self = ScalarClass.isKnown(scalar) ? .number : .other
    default:
      self = properties.isWhitespace ? .space : .other
    }
  }

  private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    // Nothing below was assigned later than Unicode 16.
    if scalar.value < 0x0860 { return true }
    guard let age = scalar.properties.age else { return false }
    return age.major <= 16
  }
}
