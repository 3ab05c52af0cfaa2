import Foundation
import HoneJSON
import HoneText

/// The `README.md` of a model folder, as model hubs show it: what the policy is, where it comes from,
/// how it was trained and measured, how it is used.
///
/// A function of the model alone: neither times nor folders of a machine are in it, so that a resumed
/// run writes the bytes of one that never stopped.
package struct ModelCard {
  private let model: LoadedModel
  private let lineage: JSONObject

  /// The card of a model.
  package init(_ model: LoadedModel) {
    self.model = model
    lineage = model.metadata["lineage"]?.object ?? JSONObject()
  }

  /// The whole file.
  package var text: String {
    ([frontMatter, introduction, training, measurement, use].compactMap { $0 })
      .joined(separator: "\n\n") + "\n"
  }

  // MARK: - Front matter

  private var frontMatter: String {
    var lines = ["---"]
    // Hone cannot know what a policy's weights and data may be used for.
    lines.append("license: \(scalar(model.metadata["license"]?.string ?? "unknown"))")
    if let base = baseModel { lines.append("base_model: \(scalar(base))") }
    lines += ["library_name: transformers", "pipeline_tag: text-generation", "tags:"]
    lines += (["hone"] + methods).map { "- \($0)" }
    return (lines + ["---"]).joined(separator: "\n")
  }

  /// The hub's name of the model at the root of the lineage, where it came out of a hub's cache.
  private var baseModel: String? {
    if let known = model.metadata["base_model"]?.string { return known }
    let origins = (ancestors + [lineage]).compactMap { $0["from"]?.string }
    for part in origins.flatMap({ $0.split(separator: "/") }) where part.hasPrefix("models--") {
      return part.dropFirst("models--".count).replacingOccurrences(of: "--", with: "/")
    }
    return nil
  }

  /// The kinds of training, the earliest first.
  private var methods: [String] {
    var kinds: [String] = []
    for kind in (ancestors + [lineage]).compactMap({ $0["kind"]?.string })
    where !kinds.contains(kind) { kinds.append(kind) }
    return kinds
  }

  private var ancestors: [JSONObject] { lineage["ancestors"]?.array?.compactMap(\.object) ?? [] }

  /// A text as a YAML scalar; JSON's strings are YAML's.
  private func scalar(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
          || "-./_".unicodeScalars.contains($0)
      }
    return isPlain && text.first != "-" ? text : JSON.string(text).serialized()
  }

  // MARK: - What it is

  private var title: String {
    guard let recipe = lineage["recipe"]?.string else { return "A policy" }
    return lineage["step"]?.int.map { "\(recipe), step \($0)" } ?? recipe
  }

  private var introduction: String {
    let c = model.policy.configuration
    let parameters = grouped(model.policy.layout.parameterCount)
    let version = lineage["hone"]?.string.map { " \($0)" } ?? ""
    return """
      # \(plain(title))

      A language model of \(parameters) parameters (\(c.architecture.rawValue): \(c.layers) layers, \
      \(c.hiddenSize) wide, vocabulary of \(grouped(c.vocabularySize)), \
      \(grouped(c.maximumPositions)) positions), written by Hone\(version). Weights are single \
      precision.
      """
  }

  // MARK: - How it was trained

  private var training: String? {
    guard lineage["recipe"] != nil else { return nil }
    var lines = ["## Training", ""]
    for (index, line) in ancestors.enumerated() {
      lines.append("\(index + 1). \(description(line))")
    }
    lines.append("\(ancestors.count + 1). \(description(lineage))")
    return lines.joined(separator: "\n")
  }

  private func description(_ lineage: JSONObject) -> String {
    var facts = ["recipe \(code(lineage["recipe"]))"]
    // Whoever wrote the folder wrote this number: any there is.
    if let stage = lineage["stage"]?.int, stage < .max {
      facts.append(
        "stage \(stage + 1)" + (lineage["kind"]?.string.map { " (\($0))" } ?? ""))
    }
    if let step = lineage["step"]?.int { facts.append("after step \(step)") }
    if let seed = lineage["seed"]?.int { facts.append("seed \(seed)") }
    if let from = lineage["from"]?.string, !from.isEmpty {
      facts.append("from " + (from == "random weights" ? from : code(.string(shown(from)))))
    }
    let tasks = lineage["tasks"]?.array?.compactMap(\.string) ?? []
    if !tasks.isEmpty {
      facts.append("on " + tasks.map { code(.string(shown($0))) }.joined(separator: ", "))
    }
    return facts.joined(separator: ", ")
  }

  /// A path without the folders of a machine.
  private func shown(_ path: String) -> String {
    path.hasPrefix("/") ? path.split(separator: "/").last.map(String.init) ?? path : path
  }

  // MARK: - How it was measured

  private var measurement: String? {
    guard let evaluation = model.metadata["evaluation"]?.object,
      let pass = evaluation["pass@1"]?.double, let problems = evaluation["problems"]?.int
    else { return nil }
    var text = "pass@1 \(percent(pass))"
    if let low = evaluation["pass@1_low"]?.double, let high = evaluation["pass@1_high"]?.double {
      text += " (95 % interval \(percent(low)) to \(percent(high)))"
    }
    text += " on \(grouped(problems)) problems"
    let tasks = evaluation["tasks"]?.array?.compactMap(\.string) ?? []
    if !tasks.isEmpty {
      text += " of " + tasks.map { code(.string(shown($0))) }.joined(separator: ", ")
    }
    if let samples = evaluation["samples"]?.int { text += ", \(samples) a problem" }
    if let temperature = evaluation["temperature"]?.double {
      text +=
        temperature == 0 ? ", greedy" : ", temperature \(JSON.number(temperature).serialized())"
    }
    if let step = evaluation["step"]?.int { text += ", after step \(step)" }
    return "## Measured\n\n\(text)."
  }

  // MARK: - How it is used

  private var use: String {
    let stops = model.template?.stopStrings ?? []
    let stopping =
      stops.isEmpty
      ? ""
      : ", stop_strings="
        + JSON.array(stops.map(JSON.string)).serialized() + ", tokenizer=tokenizer"
    let prompt =
      model.template == nil
      ? #"inputs = tokenizer("12 + 30 = ?", return_tensors="pt")"#
      : """
      messages = [{"role": "user", "content": "12 + 30 = ?"}]
      inputs = tokenizer.apply_chat_template(
          messages, add_generation_prompt=True, return_dict=True, return_tensors="pt")
      """
    return """
      ## Use

      ```python
      from transformers import AutoModelForCausalLM, AutoTokenizer

      folder = "."  # this folder
      tokenizer = AutoTokenizer.from_pretrained(folder)
      model = AutoModelForCausalLM.from_pretrained(folder)
      \(prompt)
      output = model.generate(**inputs, max_new_tokens=128\(stopping))
      print(tokenizer.decode(output[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True))
      ```

      With Hone: `hone generate . --prompt "12 + 30 = ?" --template model`\(model.template == nil ? " once it names a template" : "").
      """
  }

  // MARK: - Text

  /// A value as inline code that cannot end early.
  private func code(_ value: JSON?) -> String {
    let text = value?.string ?? ""
    return "`" + plain(text).replacingOccurrences(of: "`", with: "'") + "`"
  }

  /// A text on one line.
  private func plain(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

  /// `614400` as `614,400`.
  private func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
