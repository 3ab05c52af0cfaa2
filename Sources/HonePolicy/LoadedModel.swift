public import HoneJSON
public import HoneNumerics
public import HoneText

/// A policy with what belongs to it: its tokenizer, its prompt template, where it came from.
public struct LoadedModel {
  /// The policy.
  public var policy: Policy
  /// Its tokenizer.
  public var tokenizer: Tokenizer
  /// The template that it was trained with; nil where the folder names none.
  public var template: PromptTemplate?
  /// The folder's `hone.json`: lineage and everything else that travels with a policy.
  public var metadata: JSONObject
  /// The folder it was read from; empty for random weights.
  public var path: String

  /// A model from its parts; ids that the tokenizer has no text for leave the policy's distribution.
  public init(
    policy: Policy, tokenizer: Tokenizer, template: PromptTemplate? = nil,
    metadata: JSONObject = JSONObject(), path: String = ""
  ) {
    policy.excludedTokens = Self.tokensWithoutText(policy, tokenizer)
    self.policy = policy
    self.tokenizer = tokenizer
    self.template = template
    self.metadata = metadata
    self.path = path
  }

  /// Reads a model folder; a run folder means its best checkpoint, or its latest.
  ///
  /// - Parameter verifies: Whether the files are compared with the folder's manifest, where it has one:
  ///   on a thread of its own, beside the loading.
  /// - Throws: `PolicyError`; of kind `badData` where a file is not what the manifest says.
  public static func load(
    _ path: String, compute: Compute, verifies: Bool = true
  ) throws(PolicyError) -> LoadedModel {
    let folder = ModelFolder(path: try resolve(path))
    let verification = verifies ? try ManifestVerification(modelIn: folder) : nil
    let model: LoadedModel
    do throws(PolicyError) {
      model = try read(folder, compute: compute)
    } catch {
      // What is wrong with a damaged file is that it is damaged.
      try verification?.finish()
      throw error
    }
    try verification?.finish()
    return model
  }

  private static func read(
    _ folder: ModelFolder, compute: Compute
  ) throws(PolicyError) -> LoadedModel {
    let policy = try folder.policy(compute: compute)
    let tokenizer: Tokenizer
    do {
      tokenizer = try Tokenizer(contentsOf: folder.path)
    } catch {
      throw PolicyError(error)
    }
    guard tokenizer.vocabularySize <= policy.configuration.vocabularySize else {
      throw PolicyError(
        .badData,
        "\(folder.path): the tokenizer has \(tokenizer.vocabularySize) entries, config.json says vocab_size \(policy.configuration.vocabularySize)"
      )
    }
    let metadata = try folder.metadata()?.object ?? JSONObject()
    if let stored = metadata["precision"], !stored.isNull {
      do throws(PrecisionError) {
        policy.adopt(try Precision(json: stored))
      } catch {
        throw PolicyError(
          .badData, "\(folder.file("hone.json")): 'precision', '\(error.key)': \(error)")
      }
    }
    var template: PromptTemplate?
    if let stored = metadata["prompt_template"], !stored.isNull {
      do {
        template = try PromptTemplate(json: stored)
      } catch {
        throw PolicyError(.badData, "\(folder.file("hone.json")): \(error)")
      }
    }
    return LoadedModel(
      policy: policy, tokenizer: tokenizer, template: template, metadata: metadata,
      path: folder.path)
  }

  /// Writes a whole model folder that Hugging Face's `transformers` reads as it stands: weights,
  /// tokenizer, the prompt template as a chat template, a model card.
  ///
  /// - Parameter makesFolder: Whether the folder and those above it are made where they are missing.
  public func write(to path: String, makesFolder: Bool = true) throws(PolicyError) {
    let folder = ModelFolder(path: path)
    try folder.write(policy, endTokens: endTokens, makesFolder: makesFolder)
    var tokenizer = tokenizer
    // One template, not two that differ: the folder's is the one that the policy was trained with.
    if template != nil {
      tokenizer.configuration = JSONObject(
        tokenizer.configuration.pairs.filter { $0.key != "chat_template" }
          .map { ($0.key, $0.value) })
    }
    do {
      try tokenizer.write(to: path, makesFolder: makesFolder)
    } catch {
      throw PolicyError(.inputOutput, "\(error)")
    }
    if let template {
      try folder.write(template.chatTemplate(for: tokenizer).source, to: "chat_template.jinja")
    }
    try folder.write(ModelCard(self).text, to: "README.md")
    var metadata = metadata
    if let template {
      // Always behind what was there: the bytes must not tell a model that was read from one that was
      // made.
      metadata["prompt_template"] = nil
      metadata["prompt_template"] = template.json
    }
    // The weights are fp32 masters: what they were trained with says how to run them.
    metadata = JSONObject(
      metadata.pairs.filter { $0.key != "precision" }.map { ($0.key, $0.value) })
    if policy.precision != .fp32 { metadata["precision"] = policy.precision.json }
    try folder.write(.object(metadata), to: "hone.json")
  }

  /// Token ids that end a completion.
  public var endTokens: [Int32] {
    var tokens = policy.configuration.endTokens
    if let end = tokenizer.endTokenID, !tokens.contains(end) { tokens.append(end) }
    return tokens
  }

  /// When completions to a template's prompts end: at a stop token, a stop string, or the length.
  public func stopRule(maximumTokens: Int, strings: [String]) -> StopRule {
    guard !strings.isEmpty else { return StopRule(tokens: endTokens, maximumTokens: maximumTokens) }
    let longest = strings.map(\.utf8.count).max() ?? 0
    let tokenizer = tokenizer
    let wanted = strings.map { Array($0.utf8) }
    return StopRule(tokens: endTokens, maximumTokens: maximumTokens) { ids in
      // Each token is at least one byte, so so many tokens hold any string that the last completes.
      let tail = tokenizer.decodeBytes(Array(ids.suffix(longest)))
      return wanted.contains { tail.count >= $0.count && contains(tail, $0) }
    }
  }
}

/// Whether `needle` occurs in `bytes`.
private func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
  guard !needle.isEmpty, bytes.count >= needle.count else { return false }
  return (0...bytes.count - needle.count).contains {
    bytes[$0..<$0 + needle.count].elementsEqual(needle)
  }
}
