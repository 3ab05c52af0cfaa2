import HoneJSON
import HoneNumerics
import HonePolicy
import HoneText
import HoneTraining

/// What a model folder holds.
struct ModelInspection {
  /// A fact: its name, its text for people, its value for machines.
  typealias Fact = (name: String, text: String, value: JSON)

  /// The facts, in order.
  private(set) var facts: [Fact] = []
  /// What is damaged, each with its file.
  private(set) var damage: [String] = []

  /// Reads everything: the configuration, the weights, the tokenizer, the lineage.
  init(path: String) throws {
    let folder = ModelFolder(path: path)
    let configuration = try folder.configuration()
    describe(configuration)
    try describeFiles(path)
    do throws(PolicyError) {
      // Every tensor is checked for its shape and for values that are not finite.
      let policy = try folder.policy(compute: Compute(workers: 1))
      if let defect = policy.defectOfPredictions() { damage.append("\(path): \(defect)") }
    } catch {
      damage.append(error.description)
    }
    describeTokenizer(path, configuration)
    do throws(PolicyError) {
      if let metadata = try folder.metadata()?.object { describe(metadata) }
    } catch {
      damage.append(error.description)
    }
  }

  private mutating func describe(_ c: PolicyConfiguration) {
    let count = ParameterLayout(c).parameterCount
    facts.append(("parameters", Self.grouped(count), .integer(count)))
    let heads =
      c.heads == c.keyValueHeads
      ? "\(c.heads) heads of \(c.headSize)"
      : "\(c.heads) query and \(c.keyValueHeads) key/value heads of \(c.headSize)"
    let shape =
      "\(c.layers) layers, \(c.hiddenSize) wide, feed-forward \(c.intermediateSize), \(heads), "
      + "vocabulary \(c.vocabularySize), \(c.tiedHead ? "tied" : "separate") head, "
      + "\(c.maximumPositions) positions"
    facts.append(("architecture", c.architecture.rawValue, .string(c.architecture.rawValue)))
    facts.append(("shape", shape, c.json))
  }

  private mutating func describeFiles(_ path: String) throws {
    var sizes: [(String, JSON)] = []
    var formats: [String] = []
    var total = 0
    for name in try Files.list(path) {
      guard let size = Files.size("\(path)/\(name)") else { continue }
      sizes.append((name, .integer(size)))
      total += size
      guard name.hasSuffix(".safetensors") else { continue }
      do throws(PolicyError) {
        let reader = try SafetensorsReader(path: "\(path)/\(name)")
        let types = Set(reader.entries.values.map(\.type)).sorted().joined(separator: " and ")
        formats.append("\(name): \(reader.names.count) tensors in \(types)")
      } catch {
        damage.append(error.description)
      }
    }
    facts.append(
      (
        "files", "\(sizes.count), \(ByteCount.describe(total)) together",
        .object(JSONObject(sizes))
      ))
    facts.append(
      ("formats", formats.joined(separator: "; "), .array(formats.map(JSON.string))))
  }

  private mutating func describeTokenizer(_ path: String, _ c: PolicyConfiguration) {
    do throws(TextError) {
      let tokenizer = try Tokenizer(contentsOf: path)
      let special = tokenizer.specialTokens.count
      facts.append(
        (
          "tokenizer", "byte-level BPE, \(tokenizer.vocabularySize) entries, \(special) special",
          .integer(tokenizer.vocabularySize)
        ))
      let unused = tokenizer.unusedIDs(below: c.vocabularySize).reduce(0) { $0 + $1.count }
      if unused > 0 {
        facts.append(
          (
            "padding",
            "\(c.vocabularySize) rows, \(c.vocabularySize - unused) tokens: \(unused) ids have no "
              + "text and are never sampled",
            .integer(unused)
          ))
      }
      if tokenizer.vocabularySize > c.vocabularySize {
        damage.append(
          "\(path)/tokenizer.json: \(tokenizer.vocabularySize) entries; config.json says "
            + "vocab_size \(c.vocabularySize)")
      }
    } catch {
      damage.append(error.description)
    }
  }

  private mutating func describe(_ metadata: JSONObject) {
    if let template = metadata["prompt_template"] {
      let name = template["name"]?.string ?? template.string ?? "unnamed"
      facts.append(("template", name, template))
    }
    if let lineage = metadata["lineage"] {
      let text =
        lineage.object?.pairs.filter { $0.value != "" && $0.value.array == nil }
        .map { "\($0.key) \($0.value.string ?? $0.value.serialized())" }
        .joined(separator: ", ") ?? lineage.serialized()
      facts.append(("lineage", text, lineage))
    }
  }

  /// `614400` as `614,400`.
  static func grouped(_ number: Int) -> String {
    var digits = Array(String(number))
    var index = digits.count - 3
    while index > 0 {
      digits.insert(",", at: index)
      index -= 3
    }
    return String(digits)
  }
}
