import BigInt
import HoneJSON

extension TypedValue {
  /// The value that Python's `json` module reads from the same text: arrays become lists, objects
  /// dicts with str keys.
  package init(_ json: JSON) {
    switch json {
    case .null: self = .none
    case .bool(let flag): self = .bool(flag)
    case .integer(let integer): self = .integer(BigInt(integer))
    case .bigInteger(let digits): self = .integer(BigInt(jsonDigits: digits))
    case .number(let number): self = .float(number)
    case .string(let text): self = .string(text)
    case .array(let elements): self = .list(elements.map { TypedValue($0) })
    case .object(let object):
      self = .dictionary(object.pairs.map { Pair(.string($0.key), TypedValue($0.value)) })
    }
  }
}

extension BigInt {
  /// The integer that the digits of a ``JSON/bigInteger(_:)`` say.
  init(jsonDigits digits: String) {
    guard let value = BigInt(digits) else {
      preconditionFailure("JSON.bigInteger holds \"\(digits.prefix(40))\", which are no digits")
    }
    self = value
  }
}
