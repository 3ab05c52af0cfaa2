public import HoneJSON
import HoneNumerics
public import HonePolicy

/// Memory of training by category, in bytes, from the policy's configuration and shapes alone.
///
/// Given the greatest shapes it is what is allocated; given those that occur it is what becomes
/// resident, since pages that are never touched cost nothing.
public struct MemoryPlan: Sendable, Hashable {
  /// What memory is for.
  public enum Category: String, Sendable, CaseIterable {
    /// The program, its libraries and their buffers, tokenizer, problems.
    case process
    /// The policy's parameters, as the forward pass reads them.
    case weights
    /// What only an update reads: the rest of a bf16 weight, the fp32 weight behind an fp8 one.
    case masters = "master_weights"
    /// The gradient; twice where lanes are kept apart.
    case gradients
    /// AdamW's two moments.
    case moments
    /// The frozen policy that a KL penalty refers to.
    case reference
    /// What a forward pass keeps for its backward pass.
    case activations = "cached_activations"
    /// Gradients of rows, keys in blocks and one chunk of logits.
    case trainingScratch = "training_scratch"
    /// Keys and values of prompts and completions while sampling.
    case cache = "kv_cache"
    /// One layer's activations and logits while sampling.
    case samplingScratch = "sampling_scratch"
    /// What comes and goes between steps: an evaluation's own sampling, or what a checkpoint is written
    /// from.
    case passing

    /// The name, for people.
    public var name: String {
      switch self {
      case .masters: "master weights"
      case .activations: "cached activations"
      case .trainingScratch: "training scratch"
      case .cache: "KV cache"
      case .samplingScratch: "sampling scratch"
      case .passing: "between steps"
      default: rawValue
      }
    }
  }

  /// The rows of the largest batch of a training pass.
  public struct Training: Sendable, Hashable {
    /// Rows of all sequences.
    public var rows: Int
    /// Sequences; a prompt shared by completions is one more.
    public var segments: Int
    /// Rows of parents, summed over the segments that have one.
    public var parentRows: Int

    /// Rows of a batch.
    public init(rows: Int, segments: Int, parentRows: Int) {
      self.rows = rows
      self.segments = segments
      self.parentRows = parentRows
    }

    /// One group: a prompt and its completions, each `completionLength` rows at most.
    public static func group(
      prompt: Int, completions: Int, completionLength: Int
    ) -> Training {
      Training(
        rows: prompt + completions * completionLength, segments: completions + 1,
        parentRows: completions * prompt)
    }
  }

  /// What is sampled at a time.
  public struct Sampling: Sendable, Hashable {
    /// Completions at work at once.
    public var rows: Int
    /// Prompts whose keys and values are kept at once.
    public var prompts: Int
    /// Tokens of a prompt.
    public var promptLength: Int
    /// Most tokens of a completion.
    public var completionLength: Int

    /// Rows of a generator.
    public init(rows: Int, prompts: Int, promptLength: Int, completionLength: Int) {
      self.rows = rows
      self.prompts = prompts
      self.promptLength = promptLength
      self.completionLength = completionLength
    }

    /// Groups of `groupSize` of which a generator has `rows` completions at work.
    ///
    /// A prompt's keys stay until its last completion has ended: at most each row has its own prompt,
    /// and one more has samples that wait.
    public static func groups(
      _ count: Int, of groupSize: Int, rows: Int, promptLength: Int, completionLength: Int
    ) -> Sampling {
      let rows = max(1, min(rows, count * groupSize))
      return Sampling(
        rows: rows, prompts: min(count, rows + 1),
        promptLength: promptLength, completionLength: completionLength)
    }
  }

  private static let elementBytes = MemoryLayout<Float>.stride
  private var amounts: [Category: Int] = [:]

  /// A plan of one stage.
  ///
  /// - Parameters:
  ///   - gradientBuffers: gradients, 2 where lanes are kept apart.
  ///   - training: nil where nothing is trained: no gradients and no moments either.
  ///   - sampling: nil where nothing is sampled.
  ///   - hasSpareMemory: whether sampling finds memory for the codes of weights: a trainer lends its
  ///     gradients. Default: where something is trained.
  ///   - recomputes: whether forward passes are done again for the backward pass.
  public init(
    _ configuration: PolicyConfiguration, training: Training?, sampling: Sampling?,
    precision: Precision = .fp32, gradientBuffers: Int = 1, hasReference: Bool = false,
    recomputes: Bool = false, hasSpareMemory: Bool? = nil
  ) {
    let c = configuration
    let layout = ParameterLayout(c)
    let flat = layout.count * Self.elementBytes
    let (weights, masters) = precision.weightBytes(layout)
    self[.weights] = weights
    self[.masters] = masters
    if hasReference { self[.reference] = weights + masters }
    if let training {
      self[.gradients] = gradientBuffers * Gradients.bytes(layout, precision: precision)
      self[.moments] = precision.moments.isSingle ? 2 * flat : flat
      self[.activations] =
        TrainingWorkspace.cachedBytes(
          c, rows: training.rows, precision: precision, recomputes: recomputes)
      self[.trainingScratch] =
        TrainingWorkspace.scratchFloats(
          c, rows: training.rows, segments: training.segments, parentRows: training.parentRows,
          precision: precision, recomputes: recomputes)
        * Self.elementBytes
    }
    if let sampling {
      let format = precision.keyValueCache
      let completion = Generator.cacheFloats(
        c, positions: sampling.completionLength, format: format)
      let prompt = Generator.cacheFloats(c, positions: sampling.promptLength, format: format)
      let caches = sampling.rows * completion + sampling.prompts * prompt
      self[.cache] = caches * Self.elementBytes
      self[.samplingScratch] =
        Generator.scratchFloats(c, rows: sampling.rows) * Self.elementBytes
      if !(hasSpareMemory ?? (training != nil)) {
        self[.samplingScratch] +=
          Generator.codeFloats(layout, precision: precision) * Self.elementBytes
      }
    }
  }

  /// Bytes of one category.
  public subscript(category: Category) -> Int {
    get { amounts[category] ?? 0 }
    set { amounts[category] = newValue }
  }

  /// Bytes of tensor storage: all that lives as long as the stage.
  public var tensorBytes: Int { totalBytes - self[.process] - self[.passing] }

  /// Bytes of everything.
  public var totalBytes: Int { amounts.values.reduce(0, +) }

  /// Categories that need any memory, in a fixed order.
  public var categories: [(category: Category, bytes: Int)] {
    Category.allCases.map { ($0, self[$0]) }.filter { $0.1 > 0 }
  }

  /// Bytes of each category that needs any, and of all.
  public var json: JSON {
    var object = JSONObject(categories.map { ($0.category.rawValue, .integer($0.bytes)) })
    object["total"] = .integer(totalBytes)
    return .object(object)
  }
}
