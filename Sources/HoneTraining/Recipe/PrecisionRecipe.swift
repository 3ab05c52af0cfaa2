import HoneNumerics
import HonePolicy

// `precision: bf16`, or `precision: {preset: fp8, kv_cache: bf16}`: a named set, and choices that differ.

extension Precision {
  /// Reads the key `precision` of a stage; single precision where it is absent.
  init(_ reader: RecipeReader) {
    self = .fp32
    guard let node = reader.node("precision") else { return }
    let names = Precision.named.map(\.name)
    let wanted = "one of \(names.joined(separator: ", ")), or a mapping with a 'preset' and choices"
    switch node.content {
    case .scalar(let text, _):
      guard let known = Precision.named.first(where: { $0.name == text }) else {
        let nearest = EditDistance.nearest(to: text, among: names)
        reader.wrong(
          node, "precision", wanted: wanted, remark: nearest.map { "did you mean '\($0)'?" })
        return
      }
      self = known.precision
    case .sequence: reader.wrong(node, "precision", wanted: wanted)
    case .mapping: read(reader.section("precision"), names: names)
    }
  }

  private mutating func read(_ section: RecipeReader, names: [String]) {
    if let preset = section.text("preset") {
      if let known = Precision.named.first(where: { $0.name == preset }) {
        self = known.precision
      } else {
        section.report(
          "preset", "'preset' is '\(preset)'; wanted: one of \(names.joined(separator: ", "))")
      }
    }
    for key in Precision.keys {
      guard let text = section.text(key) else { continue }
      do throws(PrecisionError) {
        try set(key, text)
      } catch {
        section.report(key, "'\(key)' is '\(text)'; \(error.description)")
      }
    }
    if let conflict { section.report(conflict.key, conflict.description) }
    section.finish("a precision")
  }

  var node: RecipeNode {
    if let name { return .text(name) }
    return .mapping(settings.map { ($0.key, .text($0.value)) })
  }

  /// One line for people.
  public var summary: String {
    name ?? settings.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }
}
