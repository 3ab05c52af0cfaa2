import HoneJSON

/// Random numbers of one case: a function of the run's seed and the case's number (SplitMix64).
struct FuzzRandom {
  private var state: UInt64

  init(seed: UInt64, number: Int) {
    state = seed ^ (UInt64(number) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// From 0 to below `bound`.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  /// True once in so many times.
  mutating func once(in times: Int) -> Bool { below(times) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// Changes files a little, so that most of what reads them is reached: values at their edges, other
/// types, keys that are missing, repeated or new, deep nesting, and below that flipped and cut bytes.
struct Mutator {
  var random: FuzzRandom

  // MARK: - Trees

  /// A value with a few of its nodes changed.
  mutating func tree(_ value: JSON) -> JSON {
    var value = value
    for _ in 0...random.below(3) { value = changed(value, depth: 0) }
    return value
  }

  private mutating func changed(_ value: JSON, depth: Int) -> JSON {
    // Go down while there is something below; sooner or later this node it is.
    if depth < 12, !random.once(in: 4) {
      switch value {
      case .array(var elements) where !elements.isEmpty:
        let index = random.below(elements.count)
        elements[index] = changed(elements[index], depth: depth + 1)
        return .array(elements)
      case .object(var object) where !object.isEmpty:
        let key = object.keys[random.below(object.count)]
        object[key] = .some(changed(object[key] ?? .null, depth: depth + 1))
        return .object(object)
      default: break
      }
    }
    switch value {
    case .object(let object) where random.once(in: 2): return member(object)
    case .array(let elements) where random.once(in: 2): return element(elements)
    case .integer, .number, .bigInteger: return random.once(in: 4) ? other() : number(value)
    case .string(let text): return random.once(in: 3) ? other() : .string(string(text))
    default: return other()
    }
  }

  /// An object with one member more, less, renamed or put elsewhere.
  private mutating func member(_ object: JSONObject) -> JSON {
    var object = object
    guard !object.isEmpty else { return ["new": other()] }
    let key = object.keys[random.below(object.count)]
    let old = object[key] ?? .null
    switch random.below(4) {
    case 0: object[key] = nil
    case 1: object[string(key)] = old
    case 2: object[object.keys[random.below(object.count)]] = old
    default: object["unknown_\(random.below(100))"] = other()
    }
    return .object(object)
  }

  private mutating func element(_ elements: [JSON]) -> JSON {
    var elements = elements
    guard !elements.isEmpty else { return [other()] }
    let index = random.below(elements.count)
    switch random.below(4) {
    case 0: elements.remove(at: index)
    case 1: elements.insert(elements[index], at: index)
    case 2: elements.swapAt(index, random.below(elements.count))
    default: elements.append(other())
    }
    return .array(elements)
  }

  static let edges: [JSON] = [
    0, 1, -1, 2, 3, 7, 8, 255, 256, 257, 1000, 65_535, 65_536, 100_000, 16_777_215, 16_777_216,
    100_000_000, 1_000_000_000, .integer(1 << 31 - 1), .integer(1 << 31), .integer(1 << 32),
    .integer(1 << 53), .integer(.max), .integer(.max - 1), .integer(.min), .integer(.min + 1),
    .bigInteger("9223372036854775808"), .bigInteger("-9223372036854775809"),
    .bigInteger(String(repeating: "9", count: 400)), 0.0, -0.0, 0.5, 1e-300, 1e300,
    .number(.leastNonzeroMagnitude),
    1.7976931348623157e308, -1e19, 1e19, 9.007199254740993e15,
  ]

  private mutating func number(_ value: JSON) -> JSON {
    switch (random.below(3), value) {
    case (0, .integer(let number)): .integer(number &+ random.below(5) &- 2)
    case (1, .integer(let number)): .integer(number.multipliedReportingOverflow(by: 2).partialValue)
    default: random.pick(Self.edges)
    }
  }

  /// A value of any type.
  mutating func other() -> JSON {
    switch random.below(10) {
    case 0: .null
    case 1: .bool(random.once(in: 2))
    case 2...4: random.pick(Self.edges)
    case 5: .string(string("text"))
    case 6: []
    case 7: [:]
    case 8: [random.pick(Self.edges), .null, ["a": "b"]]
    default: (0..<(1 + random.below(40))).reduce(1) { inner, _ in [inner] }
    }
  }

  static let texts = [
    "", " ", ".", "..", "/", "../x", "/dev/zero", "\u{0}", "\u{1B}[2J", "e\u{301}\u{323}",
    "\u{202E}",
    "true", "null", "1", "-1", "1e9", "{question}", "{question}{question}", "\u{FEFF}", "漢", "%s%n",
    "<|endoftext|>", "Ġ", "NaN", "inf", "[", "{", "\\", "\"", "\n",
  ]

  private mutating func string(_ text: String) -> String {
    switch random.below(6) {
    case 0: random.pick(Self.texts)
    case 1: text + random.pick(Self.texts)
    case 2: String(text.dropLast(1 + random.below(3)))
    case 3: String(repeating: text, count: random.below(40))
    case 4: String(text.shuffled(using: &random))
    default: text.uppercased()
    }
  }

  // MARK: - Bytes

  /// A text with a few bytes changed, cut, repeated or put elsewhere.
  mutating func bytes(_ bytes: [UInt8], near limit: Int = .max) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.below(4) {
      guard !bytes.isEmpty else { return [UInt8(truncatingIfNeeded: random.next())] }
      let place = random.below(min(limit, bytes.count))
      let length = min(bytes.count - place, 1 + random.below(random.once(in: 4) ? 400 : 12))
      switch random.below(8) {
      case 0...2: bytes[place] ^= 1 << random.below(8)
      case 3: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 4: bytes.removeSubrange(place..<place + length)
      case 5: bytes.insert(contentsOf: bytes[place..<place + length], at: random.below(bytes.count))
      case 6:
        let structure: [String] = ["{", "}", "[", "]", ",", ":", "\"", "\\u", "null", "-", "e9"]
        bytes.insert(contentsOf: Array(random.pick(structure).utf8), at: place)
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }

  /// A JSON file: its tree changed, its bytes, a member twice, or several of these.
  mutating func json(_ value: JSON) -> [UInt8] {
    var text = (random.once(in: 5) ? value : tree(value)).serializedBytes()
    if random.once(in: 8), let colon = text.firstIndex(of: UInt8(ascii: ":")) {
      // The first key once more.
      text.insert(contentsOf: text[1..<colon] + Array(":0,".utf8), at: 1)
    }
    return random.once(in: 4) ? bytes(text) : text
  }
}

extension FuzzRandom: RandomNumberGenerator {}
