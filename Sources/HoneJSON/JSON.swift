/// A JSON value.
///
/// Integers and all other numbers are told apart: `1` is `.integer(1)`, `1.0` and `1e0` are
/// `.number(1.0)`. An integer that does not fit `Int` keeps its digits. Two values are equal when their cases and contents are, whatever the
/// order of an object's keys.
///
/// ```swift
/// let row = try JSON.parse(#"{"id": "a", "scores": [0.5, 1]}"#)
/// row["scores"]?[0]?.double  // 0.5
/// ```
public enum JSON: Sendable, Hashable {
  /// The value `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without a point or an exponent that fits `Int`.
  case integer(Int)
  /// A number written without a point or an exponent that does not fit `Int`: its digits as they
  /// were written, with `-` in front of a negative one.
  case bigInteger(String)
  /// Any other number.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSON])
  /// An object; the order of its keys is kept.
  case object(JSONObject)
}

// MARK: - Access

extension JSON {
  /// Whether this is `null`.
  public var isNull: Bool { self == .null }

  /// The string, if this is one.
  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The integer, if this is one; a number with a point, such as `1.0`, is not.
  public var int: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The number, written as an integer or not; integers above 2^53 are rounded to nearest, and
  /// one beyond the largest `Double` gives `nil`.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .bigInteger(let digits): Double(digits).flatMap { $0.isFinite ? $0 : nil }
    case .number(let value): value
    default: nil
    }
  }

  /// The Boolean, if this is one.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The elements, if this is an array.
  public var array: [JSON]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The object, if this is one.
  public var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The value under a key; `nil` when this is not an object or the key is missing.
  public subscript(key: String) -> JSON? { object?[key] }

  /// The element at an index; `nil` when this is not an array or the index is outside.
  public subscript(index: Int) -> JSON? {
    guard let array, array.indices.contains(index) else { return nil }
    return array[index]
  }

  /// What this value is, for error messages: "an object", "the string "abc"", "the integer 3".
  public var kindDescription: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return "the integer \(value)"
    case .bigInteger(let digits):
      let shown = digits.count > 40 ? digits.prefix(40) + "…" : digits[...]
      return "the integer \(shown)"
    case .number(let value): return "the number \(value)"
    case .string(let value):
      let shown = value.count > 40 ? String(value.prefix(40)) + "…" : value
      return "the string \(JSON.string(shown).serialized())"
    case .array(let value): return "an array of \(value.count)"
    case .object(let value): return "an object with \(value.count) keys"
    }
  }
}

// MARK: - Literals

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Makes `null`.
  public init(nilLiteral: ()) { self = .null }
  /// Makes a Boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes an integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// Makes a number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Makes a string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Makes an array.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// Makes an object; a key that appears twice is a programmer error.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(JSONObject(elements))
  }
}

extension JSON: CustomStringConvertible {
  /// The compact JSON text.
  public var description: String { serialized() }
}
