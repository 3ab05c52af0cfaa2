import Foundation

/// Canonical order of combining marks (Unicode, section 3.11, D108 and D109), in linear time.
///
/// The standard library composes and decomposes in linear time, and sorts the marks behind a letter by
/// insertion: a text of many marks in the wrong order costs the square of their number. So they are
/// sorted before, which changes nothing that normalisation gives: the texts are canonically equivalent.
///
/// Comparing and hashing Swift's strings normalises them too: whoever takes a text of unknown origin as
/// a key sorts it first.
package enum CanonicalOrder {
  /// The text with each run of marks sorted by class, marks of one class as they were.
  package static func sorted(_ text: String) -> String {
    guard needsSorting(text) else { return text }
    var result = String.UnicodeScalarView()
    result.reserveCapacity(text.utf8.count)
    var marks: [(scalar: Unicode.Scalar, group: UInt8)] = []
    for scalar in text.unicodeScalars {
      for part in parts(of: scalar) ?? [scalar] {
        let group = combiningClass(part)
        if group == 0 {
          append(&marks, to: &result)
          result.append(part)
        } else {
          marks.append((part, group))
        }
      }
    }
    append(&marks, to: &result)
    return String(result)
  }

  private static func needsSorting(_ text: String) -> Bool {
    // No mark begins with a smaller byte.
    guard text.utf8.contains(where: { $0 >= 0xCC }) else { return false }
    var last: UInt8 = 0
    for scalar in text.unicodeScalars {
      if parts(of: scalar) != nil { return true }
      let group = combiningClass(scalar)
      if group != 0, group < last { return true }
      last = group
    }
    return false
  }

  /// The only characters that decompose into marks alone; they are few for ever (UAX #15, stability).
  private static func parts(of scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
    switch scalar.value {
    case 0x0344: ["\u{0308}", "\u{0301}"]
    case 0x0F73: ["\u{0F71}", "\u{0F72}"]
    case 0x0F75: ["\u{0F71}", "\u{0F74}"]
    case 0x0F81: ["\u{0F71}", "\u{0F80}"]
    default: nil
    }
  }

  /// The canonical combining class; 0 for whatever begins a run of its own.
  private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
    switch scalar.value {
    // No marks: Latin letters, ideographs, Hangul, private use.
    case ..<0x300, 0x3400..<0xA000, 0xAC00..<0xFB00: 0
    default: scalar.properties.canonicalCombiningClass.rawValue
    }
  }

  /// Sorts by counting, and empties the run.
  private static func append(
    _ marks: inout [(scalar: Unicode.Scalar, group: UInt8)],
    to result: inout String.UnicodeScalarView
  ) {
    if marks.count > 1 {
      var next = [Int](repeating: 0, count: 257)
      for mark in marks { next[Int(mark.group) + 1] += 1 }
      for group in 1..<next.count { next[group] += next[group - 1] }
      var order = marks.map(\.scalar)
      for mark in marks {
        order[next[Int(mark.group)]] = mark.scalar
        next[Int(mark.group)] += 1
      }
      result.append(contentsOf: order)
    } else if let only = marks.first {
      result.append(only.scalar)
    }
    marks.removeAll(keepingCapacity: true)
  }
}

extension String {
  /// Normalisation form C.
  package var composed: String { CanonicalOrder.sorted(self).precomposedStringWithCanonicalMapping }
}
