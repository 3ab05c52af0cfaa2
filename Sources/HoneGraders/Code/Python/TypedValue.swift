import BigInt
import HoneJSON

/// A builtin value of Python, told apart by its exact type.
///
/// What a program returns crosses to this side as data. A subclass, with whatever it says of itself,
/// is not one of these.
package indirect enum TypedValue: Sendable, Hashable {
  /// `None`.
  case none
  /// `True` or `False`.
  case bool(Bool)
  /// An integer of any size.
  case integer(BigInt)
  /// A double.
  case float(Double)
  /// A complex number.
  case complex(Double, Double)
  /// A string as UTF-8, where single surrogates take three bytes each.
  case string([UInt8])
  /// `bytes`, or a `bytearray`.
  case bytes([UInt8], isMutable: Bool)
  /// A list, a tuple, a deque, or what an iterator gave until its end.
  case sequence(Sequence, [TypedValue])
  /// A set or a frozenset, in the order of the elements' encodings.
  case set([TypedValue], isFrozen: Bool)
  /// A dictionary, in its order.
  case dictionary([TypedValue], [TypedValue])
  /// A range: start, stop, step.
  case range(BigInt, BigInt, BigInt)
  /// A builtin type, by its name.
  case type([UInt8])

  /// The kinds of sequences; the raw value is the tag on the wire.
  package enum Sequence: UInt8, Sendable, Hashable {
    /// `list`.
    case list = 0x6C
    /// `tuple`.
    case tuple = 0x74
    /// `collections.deque`.
    case deque = 0x71
    /// An iterator, drained.
    case iterator = 0x49
  }

  /// A string.
  package static func text(_ string: String) -> TypedValue { .string(Array(string.utf8)) }

  /// The value that Python's `json.loads` would make.
  ///
  /// Numbers with a point or an exponent are doubles, others integers of any size.
  package init(json: JSON) {
    switch json {
    case .null: self = .none
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .integer(BigInt(value))
    case .bigInteger(let digits): self = BigInt(digits).map { .integer($0) } ?? .none
    case .number(let value): self = .float(value)
    case .string(let value): self = .text(value)
    case .array(let values): self = .sequence(.list, values.map { TypedValue(json: $0) })
    case .object(let object):
      self = .dictionary(
        object.pairs.map { .text($0.key) }, object.pairs.map { TypedValue(json: $0.value) })
    }
  }
}
