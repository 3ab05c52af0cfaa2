import BigInt

/// A value of Python's builtin types, as it crosses between processes.
///
/// Types are told apart as Python does: a tuple is not a list, `True` is not 1, `1` is not `1.0`.
/// Whether two values would be equal *to Python* is not asked here; see ``ValueComparison``.
package enum TypedValue: Sendable {
  /// `None`.
  case none
  /// `True` or `False`.
  case bool(Bool)
  /// An int of any size.
  case integer(BigInt)
  /// A float, NaN and infinities included.
  case float(Double)
  /// A complex number.
  case complex(real: Double, imaginary: Double)
  /// A str that is valid Unicode.
  case string(String)
  /// A str with lone surrogates, which no `String` can hold: its bytes, surrogates encoded like
  /// other code points.
  case surrogateString([UInt8])
  /// A bytes.
  case bytes([UInt8])
  /// A bytearray.
  case byteArray([UInt8])
  /// A list.
  case list([TypedValue])
  /// A tuple.
  case tuple([TypedValue])
  /// A `collections.deque`.
  case deque([TypedValue])
  /// A set, in the order of the elements' encodings.
  case set([TypedValue])
  /// A frozenset, in the order of the elements' encodings.
  case frozenSet([TypedValue])
  /// A dict (or `OrderedDict`, `Counter`, `defaultdict`), in its order.
  case dictionary([Pair])
  /// A range.
  case range(start: BigInt, stop: BigInt, step: BigInt)
  /// What was left in an iterator.
  case iterator([TypedValue])
  /// A builtin type, by its name.
  case type(String)

  /// A key of a dict and what is under it.
  package struct Pair: Sendable, Equatable {
    /// The key.
    package var key: TypedValue
    /// The value.
    package var value: TypedValue

    /// Makes a pair.
    package init(_ key: TypedValue, _ value: TypedValue) {
      self.key = key
      self.value = value
    }
  }

  /// The deepest nesting of containers that crosses.
  package static let maximumDepth: Int = 100
}

extension TypedValue: Equatable {
  /// Whether the encodings are the same: types, order, signs of zeros and all.
  package static func == (left: TypedValue, right: TypedValue) -> Bool {
    left.encoded() == right.encoded()
  }
}

extension TypedValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Makes `None`.
  package init(nilLiteral: ()) { self = .none }
  /// Makes a bool.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes an int.
  package init(integerLiteral value: Int) { self = .integer(BigInt(value)) }
  /// Makes a float.
  package init(floatLiteral value: Double) { self = .float(value) }
  /// Makes a str.
  package init(stringLiteral value: String) { self = .string(value) }
  /// Makes a list.
  package init(arrayLiteral elements: TypedValue...) { self = .list(elements) }
  /// Makes a dict.
  package init(dictionaryLiteral elements: (TypedValue, TypedValue)...) {
    self = .dictionary(elements.map { Pair($0, $1) })
  }
}
