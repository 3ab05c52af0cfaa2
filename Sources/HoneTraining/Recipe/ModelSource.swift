/// Where a run's policy comes from.
public enum ModelSource: Sendable, Hashable {
  /// A folder in Hugging Face layout, or a run's folder; a path as the recipe gives it.
  case folder(String)
  /// Random weights of this shape.
  case architecture(Architecture)
}

/// Where the tokenizer of a policy from random weights comes from.
public enum TokenizerSource: Sendable, Hashable {
  /// A `tokenizer.json`, or the folder that holds it.
  case path(String)
  /// Byte-level BPE trained on these tasks (questions and demonstrations); no tasks means those
  /// that the run's stages train on.
  case trained(vocabularySize: Int, tasks: [TaskSource])
}

extension ModelSource {
  init(_ reader: RecipeReader) {
    guard let node = reader.node("model") else {
      self = .folder(Recipe.defaultModel)
      return
    }
    switch node.content {
    case .scalar: self = .folder(reader.text("model") ?? Recipe.defaultModel)
    case .mapping: self = .architecture(Architecture(reader.section("model")))
    case .sequence:
      reader.wrong(node, "model", wanted: "a folder, or a mapping with 'architecture'")
      self = .folder(Recipe.defaultModel)
    }
  }

  var node: RecipeNode {
    switch self {
    case .folder(let path): .text(path)
    case .architecture(let architecture): architecture.node
    }
  }
}

extension TokenizerSource {
  /// The vocabulary of a tokenizer trained in passing: bytes, 200 merges and some special tokens.
  static let defaultVocabularySize = 512

  init?(_ reader: RecipeReader, model: ModelSource) {
    guard case .architecture(let architecture) = model else {
      if reader.node("tokenizer") != nil {
        reader.report(
          "tokenizer",
          "'tokenizer' goes with a model from random weights; a model folder brings its own")
      }
      return nil
    }
    let section = reader.section("tokenizer")
    let path = section.text("path")
    let size = section.integer("vocabulary_size", .atLeast(257, atMost: 1 << 24))
    let tasks = TaskSource.list(section, "train_on")
    section.finish("a tokenizer")
    if let path {
      if size != nil || !tasks.isEmpty {
        section.report(
          "path",
          "a tokenizer is read ('path') or trained ('vocabulary_size', 'train_on'), not both")
      }
      self = .path(path)
      return
    }
    let vocabulary = size ?? architecture.vocabularySize ?? Self.defaultVocabularySize
    if let rows = architecture.vocabularySize, rows < vocabulary {
      section.report(
        "vocabulary_size",
        "the tokenizer has \(vocabulary) entries and the model's vocab_size is \(rows); "
          + "raise vocab_size, or leave it out")
    }
    self = .trained(vocabularySize: vocabulary, tasks: tasks)
  }

  var node: RecipeNode {
    switch self {
    case .path(let path): .mapping([("path", .text(path))])
    case .trained(let size, let tasks):
      .mapping([
        ("vocabulary_size", .integer(size)),
        ("train_on", tasks.isEmpty ? nil : .sequence(tasks.map(\.node))),
      ])
    }
  }
}
