public import HoneNumerics

/// A prompt of which some samples are wanted.
public struct GenerationRequest: Sendable {
  /// Token ids, at least one.
  public var prompt: [Int32]
  /// The samples' numbers; each draws its own random numbers.
  public var samples: Range<Int>
  /// The random numbers of this prompt.
  public var stream: RandomStream

  /// A request.
  public init(prompt: [Int32], samples: Range<Int>, stream: RandomStream) {
    self.prompt = prompt
    self.samples = samples
    self.stream = stream
  }
}

/// What the policy wrote.
public struct Completion: Sendable, Hashable {
  /// Why it ended.
  public enum FinishReason: String, Sendable {
    /// It wrote a stop token (which is part of the completion) or a stop string.
    case stop
    /// It reached the longest length allowed.
    case length
  }

  /// The sample's number.
  public var sample: Int
  /// Token ids, the stop token included.
  public var tokens: [Int32]
  /// log p of each token under the whole distribution at the sampling temperature.
  public var logProbabilities: [Float]
  /// Entropy, in nats, of the distribution that each token was drawn from.
  public var entropies: [Float]
  /// Why it ended.
  public var finishReason: FinishReason
}

/// When a completion ends.
public struct StopRule: Sendable {
  /// Tokens that end it.
  public var tokens: [Int32]
  /// The most tokens it may have.
  public var maximumTokens: Int
  /// Asked after each token with the tokens so far: a stop string, say.
  public var predicate: (@Sendable ([Int32]) -> Bool)?

  /// A rule.
  public init(
    tokens: [Int32], maximumTokens: Int, predicate: (@Sendable ([Int32]) -> Bool)? = nil
  ) {
    precondition(maximumTokens >= 1, "completions of at most \(maximumTokens) tokens")
    self.tokens = tokens
    self.maximumTokens = maximumTokens
    self.predicate = predicate
  }
}

/// Samples completions, many rows at a time.
///
/// A prompt's keys and values are computed once for all its samples. A finished row leaves the batch
/// at once and a waiting one takes its place. Every row is a pure function of its prompt and its
/// random stream: alone or in any batch it gives the same completion, bit for bit, and the
/// log-probabilities are the bits that the trainer computes for the same tokens.
public final class Generator {
  private let policy: Policy
  private let rows: Int
  private let scratchRows: Int
  private let activations: LayerActivations
  private let scratch: ForwardScratch
  private let lastRows: UnsafeMutablePointer<Float>
  private let normed: UnsafeMutablePointer<Float>
  private let rstd: UnsafeMutablePointer<Float>
  private let logits: UnsafeMutablePointer<Float>
  private let arena: Arena
  /// All prompts' caches are for the longest prompt so far, so that one that is given back fits any.
  private var longestPrompt: Int
  private var promptPool = CachePool()
  private var completionPool = CachePool()

  /// A generator of at most `rows` completions at a time.
  ///
  /// - Parameters:
  ///   - rows: a matter of speed and memory alone; no result depends on it.
  ///   - longestPrompt: tokens of the longest prompt that will come, where that is known: prompts
  ///     longer than all before make the caches of prompts anew.
  public init(policy: Policy, rows: Int, longestPrompt: Int = 1) {
    precondition(rows >= 1, "a generator needs at least one row, not \(rows)")
    self.policy = policy
    self.rows = rows
    self.longestPrompt = longestPrompt
    let c = policy.configuration
    scratchRows = Self.scratchRows(rows)
    var arena = Arena(floats: Self.scratchFloats(c, rows: rows))
    activations = arena.layer(c, rows: scratchRows)
    scratch = ForwardScratch(&arena, c, rows: scratchRows)
    lastRows = arena.take(rows * c.hiddenSize)
    normed = arena.take(rows * c.hiddenSize)
    rstd = arena.take(rows)
    logits = arena.take(rows * c.vocabularySize)
    self.arena = arena
  }

  /// Rows that fit in about 1 GiB of cache for completions of this length, at most 256.
  public static func defaultRows(_ configuration: PolicyConfiguration, maximumTokens: Int) -> Int {
    let capacity = CachedKeyValues.capacity(for: maximumTokens)
    let bytes =
      CachedKeyValues.floats(configuration, capacity: capacity, format: .fp32) * 4
    return max(8, min(256, (1 << 30) / max(1, bytes)))
  }

  /// Samples every request.
  ///
  /// - Parameters:
  ///   - progress: called on the calling thread as each completion ends, with its request's index;
  ///     the order is the order of ending. Return false to stop early: the rest stays empty.
  /// - Returns: for each request its completions, in order of sample number. Where the compute's
  ///   interruption is raised, those that had ended until then.
  /// - Throws: at the first prediction that is no number.
  public func generate(
    _ requests: [GenerationRequest], options: SamplingOptions, stop: StopRule,
    onToken: ((Int, Int32) -> Void)? = nil,
    progress: ((Int, Completion) -> Bool)? = nil
  ) throws(NonFinitePrediction) -> [[Completion]] {
    func sample() throws(NonFinitePrediction) -> [[Completion]] {
      try sampleAll(requests, options: options, stop: stop, onToken: onToken, progress: progress)
    }
    guard policy.precision.encodesWeights else { return try sample() }
    return try policy.withCodes(
      of: policy.layout.layers[...], in: policy.codeMemory(), sample)
  }

  private func sampleAll(
    _ requests: [GenerationRequest], options: SamplingOptions, stop: StopRule,
    onToken: ((Int, Int32) -> Void)?, progress: ((Int, Completion) -> Bool)?
  ) throws(NonFinitePrediction) -> [[Completion]] {
    var run = Run(requests: requests, options: options, stop: stop)
    longestPrompt = max(longestPrompt, requests.map(\.prompt.count).max() ?? 1)
    prepareCaches(prompts: min(requests.count, rows + 1), completionLength: stop.maximumTokens)
    var slots: [Slot] = []
    var isRunning = true
    while isRunning, !slots.isEmpty || run.hasWaiting {
      var arrivals = admit(&run, occupied: slots.count)
      var ended: [Slot] = []
      sampleFirstTokens(&arrivals, run)
      if !slots.isEmpty { decode(&slots, run) }
      slots += arrivals
      // Tokens of skipped computations are none: what had ended before is all there is.
      if policy.compute.team.interruption.isRaised { break }
      if let bad = slots.firstNonFinite {
        for slot in slots { completionPool.giveBack(slot.cache.base) }
        run.releaseAll(&promptPool)
        throw bad
      }
      slots.removeAll { slot in
        if let last = slot.tokens.last { onToken?(slot.request, last) }
        guard slot.finish(run.stop) != nil else { return false }
        ended.append(slot)
        return true
      }
      for slot in ended {
        let completion = Completion(
          sample: slot.sample, tokens: slot.tokens, logProbabilities: slot.logProbabilities,
          entropies: slot.entropies, finishReason: slot.finish(run.stop) ?? .length)
        run.finish(completion, of: slot.request, &promptPool)
        completionPool.giveBack(slot.cache.base)
        if progress?(slot.request, completion) == false { isRunning = false }
      }
    }
    for slot in slots { completionPool.giveBack(slot.cache.base) }
    run.releaseAll(&promptPool)
    return run.completions.map { $0.sorted { $0.sample < $1.sample } }
  }
}

extension Generator {
  /// Memory for as many prompts and completions as can be at work at once.
  private func prepareCaches(prompts: Int, completionLength: Int) {
    func floats(_ positions: Int) -> Int {
      Self.cacheFloats(
        policy.configuration, positions: positions, format: policy.precision.keyValueCache)
    }
    promptPool.prepare(count: prompts, floats: floats(longestPrompt))
    completionPool.prepare(count: rows, floats: floats(completionLength))
  }
}

// MARK: - State of a run

/// A prompt whose keys and values are in memory.
private struct ActivePrompt {
  let cache: CachedKeyValues
  /// Logits after the prompt's last token: every sample's first token comes from here.
  var firstLogits: [Float]
  var unfinished: Int
}

/// A completion in the making.
private struct Slot {
  let request: Int
  let sample: Int
  let cache: CachedKeyValues
  var tokens: [Int32] = []
  var logProbabilities: [Float] = []
  var entropies: [Float] = []

  func finish(_ stop: StopRule) -> Completion.FinishReason? {
    guard let last = tokens.last else { return nil }
    if stop.tokens.contains(last) || stop.predicate?(tokens) == true { return .stop }
    return tokens.count >= stop.maximumTokens ? .length : nil
  }
}

extension [Slot] {
  /// The first newest token whose prediction is no number.
  fileprivate var firstNonFinite: NonFinitePrediction? {
    for slot in self {
      guard let value = slot.logProbabilities.last, !value.isFinite else { continue }
      return NonFinitePrediction(
        request: slot.request, sample: slot.sample, position: slot.tokens.count - 1, value: value)
    }
    return nil
  }
}

private struct Run {
  let requests: [GenerationRequest]
  let options: SamplingOptions
  let stop: StopRule
  var completions: [[Completion]]
  var prompts: [Int: ActivePrompt] = [:]
  private var nextRequest = 0
  private var nextSample = 0

  init(requests: [GenerationRequest], options: SamplingOptions, stop: StopRule) {
    self.requests = requests
    self.options = options
    self.stop = stop
    completions = requests.map { _ in [] }
    skipEmpty()
  }

  var hasWaiting: Bool { nextRequest < requests.count }

  mutating func next() -> (request: Int, sample: Int)? {
    guard hasWaiting else { return nil }
    let item = (nextRequest, requests[nextRequest].samples.lowerBound + nextSample)
    nextSample += 1
    if nextSample == requests[nextRequest].samples.count {
      nextRequest += 1
      nextSample = 0
      skipEmpty()
    }
    return item
  }

  private mutating func skipEmpty() {
    while hasWaiting, requests[nextRequest].samples.isEmpty { nextRequest += 1 }
  }

  mutating func finish(_ completion: Completion, of request: Int, _ pool: inout CachePool) {
    completions[request].append(completion)
    prompts[request]?.unfinished -= 1
    if let prompt = prompts[request], prompt.unfinished == 0 {
      pool.giveBack(prompt.cache.base)
      prompts[request] = nil
    }
  }

  mutating func releaseAll(_ pool: inout CachePool) {
    for prompt in prompts.values { pool.giveBack(prompt.cache.base) }
    prompts = [:]
  }
}

// MARK: - The steps of a run

extension Generator {
  /// Fills the free rows with waiting samples, computing the prompts that are new.
  private func admit(_ run: inout Run, occupied: Int) -> [Slot] {
    let c = policy.configuration
    let format = policy.precision.keyValueCache
    var arrivals: [Slot] = []
    var fresh: [Int] = []
    while occupied + arrivals.count < rows, let (request, sample) = run.next() {
      if run.prompts[request] == nil {
        let prompt = run.requests[request].prompt
        precondition(!prompt.isEmpty, "request \(request): a prompt needs at least one token")
        precondition(
          prompt.count + run.stop.maximumTokens <= c.maximumPositions + 1,
          "prompt of \(prompt.count) and completion of \(run.stop.maximumTokens) tokens; the policy has \(c.maximumPositions) positions"
        )
        run.prompts[request] = ActivePrompt(
          cache: CachedKeyValues(
            base: promptPool.take(), capacity: CachedKeyValues.capacity(for: longestPrompt), c,
            format: format),
          firstLogits: [], unfinished: run.requests[request].samples.count)
        fresh.append(request)
      }
      arrivals.append(
        Slot(
          request: request, sample: sample,
          cache: CachedKeyValues(
            base: completionPool.take(),
            capacity: CachedKeyValues.capacity(for: run.stop.maximumTokens), c, format: format)))
    }
    prefill(fresh, &run)
    return arrivals
  }

  /// Computes keys, values and first logits of prompts, in passes of at most `scratchRows` rows.
  ///
  /// A long prompt takes several passes; its rows see the earlier ones as they would in one.
  private func prefill(_ fresh: [Int], _ run: inout Run) {
    var pieces: [Piece] = []
    var used = 0
    for request in fresh {
      let prompt = run.requests[request].prompt
      var start = 0
      while start < prompt.count {
        if used == scratchRows || pieces.count == rows {
          pass(pieces, &run)
          pieces = []
          used = 0
        }
        let count = min(prompt.count - start, scratchRows - used)
        pieces.append(Piece(request: request, start: start, firstRow: used, count: count))
        used += count
        start += count
      }
    }
    if !pieces.isEmpty { pass(pieces, &run) }
  }

  /// Some consecutive tokens of a prompt within one pass.
  private struct Piece {
    var request: Int
    var start: Int
    var firstRow: Int
    var count: Int
  }

  private func pass(_ pieces: [Piece], _ run: inout Run) {
    let c = policy.configuration
    var tokens: [Int32] = []
    var positions: [Int32] = []
    for piece in pieces {
      let range = piece.start..<piece.start + piece.count
      tokens += run.requests[piece.request].prompt[range]
      positions += range.map { Int32($0) }
    }
    let prompts = run.prompts
    forward(tokens: tokens, positions: positions) { layer in
      pieces.compactMap { piece in
        prompts[piece.request].map {
          AttentionSegment(
            firstRow: piece.firstRow, rows: piece.count, firstOwn: piece.start,
            own: $0.cache.layer(layer))
        }
      }
    }
    let finished = pieces.filter {
      $0.start + $0.count == run.requests[$0.request].prompt.count
    }
    computeLogits(ofRows: finished.map { $0.firstRow + $0.count - 1 })
    for (index, piece) in finished.enumerated() {
      let row = logits + index * c.vocabularySize
      run.prompts[piece.request]?.firstLogits = Array(
        UnsafeBufferPointer(start: row, count: c.vocabularySize))
    }
  }

  private func sampleFirstTokens(_ slots: inout [Slot], _ run: Run) {
    let prompts = slots.map { run.prompts[$0.request]?.firstLogits ?? [] }
    sample(&slots, run) { index, body in
      prompts[index].withUnsafeBufferPointer { row in
        guard let base = row.baseAddress else { return }
        body(base)
      }
    }
  }

  /// One more token for every row.
  private func decode(_ slots: inout [Slot], _ run: Run) {
    let c = policy.configuration
    let tokens = slots.map { $0.tokens[$0.tokens.count - 1] }
    let positions = slots.map {
      Int32(run.requests[$0.request].prompt.count + $0.tokens.count - 1)
    }
    let current = slots
    forward(tokens: tokens, positions: positions) { layer in
      current.enumerated().map { row, slot in
        var segment = AttentionSegment(
          firstRow: row, rows: 1, firstOwn: slot.tokens.count - 1, own: slot.cache.layer(layer))
        segment.parent = run.prompts[slot.request]?.cache.layer(layer)
        segment.parentLength = run.requests[slot.request].prompt.count
        return segment
      }
    }
    computeLogits(ofRows: Array(0..<slots.count))
    let base = logits
    sample(&slots, run) { index, body in body(base + index * c.vocabularySize) }
  }

  private func forward(
    tokens: [Int32], positions: [Int32], segments: (Int) -> [AttentionSegment]
  ) {
    policy.prepareRotary(positions)
    policy.embed(tokens, into: activations.input)
    positions.withUnsafeBufferPointer { positions in
      guard let base = positions.baseAddress else { return }
      let batch = RowBatch(rows: tokens.count, positions: base)
      for layer in 0..<policy.configuration.layers {
        policy.layerForward(
          layer, batch, activations, scratch: scratch, segments: segments(layer),
          storesValues: true, output: activations.input)
      }
    }
  }

  private func computeLogits(ofRows wanted: [Int]) {
    let channels = policy.configuration.hiddenSize
    for (index, row) in wanted.enumerated() {
      let source = activations.input + row * channels
      (lastRows + index * channels).update(from: source, count: channels)
    }
    policy.logits(
      rows: wanted.count, x: lastRows, normed: normed, rstd: rstd, logits: logits)
  }

  /// Chooses one token for each slot from its row of logits.
  private func sample(
    _ slots: inout [Slot], _ run: Run,
    logits: (Int, (UnsafePointer<Float>) -> Void) -> Void
  ) {
    let compute = policy.compute
    let vocabulary = policy.configuration.vocabularySize
    var chosen = [ChosenToken](
      repeating: ChosenToken(token: 0, logProbability: 0, entropy: 0), count: slots.count)
    let current = slots
    chosen.withUnsafeMutableBufferPointer { chosen in
      compute.team.run(tasks: current.count) { index in
        let slot = current[index]
        let uniform = run.requests[slot.request].stream.uniform(
          sample: slot.sample, position: slot.tokens.count)
        logits(index) { row in
          chosen[index] = compute.chooseToken(
            vocabulary: vocabulary, logits: row, options: run.options, uniform: uniform)
        }
      }
    }
    for (index, choice) in chosen.enumerated() {
      slots[index].tokens.append(choice.token)
      slots[index].logProbabilities.append(choice.logProbability)
      slots[index].entropies.append(choice.entropy)
    }
  }
}
