/// One prompt and completions that continue it, as token ids.
public struct PackedGroup: Sendable {
  /// The prompt, at least one token.
  public var prompt: [Int32]
  /// The completions, each at least one token, the stop token included.
  public var completions: [[Int32]]

  /// A group.
  public init(prompt: [Int32], completions: [[Int32]]) {
    self.prompt = prompt
    self.completions = completions
  }
}

/// Groups laid end to end as rows, without padding; a group's prompt appears once.
///
/// Rows of a group: its prompt, then each completion without its last token (which predicts
/// nothing). A completion's segment has the prompt as its parent.
public struct PackedBatch: Sendable {
  /// A run of consecutive rows of one sequence.
  public struct Segment: Sendable, Hashable {
    /// First row in the batch.
    public var firstRow: Int
    /// Rows.
    public var rows: Int
    /// Index of the segment whose keys come before, or nil.
    public var parent: Int?
  }

  /// A token whose probability is wanted: `target`, predicted by the output of `row`.
  public struct Prediction: Sendable, Hashable {
    /// The row whose output predicts.
    public var row: Int
    /// The token.
    public var target: Int32
  }

  /// Token of each row.
  public private(set) var tokens: [Int32] = []
  /// Position of each row in its sequence.
  public private(set) var positions: [Int32] = []
  /// The segments, parents before their children.
  public private(set) var segments: [Segment] = []
  /// Every completion token, in order of group, completion, position.
  public private(set) var predictions: [Prediction] = []
  /// The range of `predictions` of each completion, in order of group and completion.
  public private(set) var completions: [Range<Int>] = []

  /// Rows in the batch.
  public var rows: Int { tokens.count }

  /// Packs groups in order.
  ///
  /// Traps on an empty prompt or completion.
  public init(_ groups: [PackedGroup]) {
    for group in groups { append(group) }
  }

  private mutating func append(_ group: PackedGroup) {
    precondition(!group.prompt.isEmpty, "a group needs a prompt of at least one token")
    let prompt = segments.count
    let firstRow = rows
    append(group.prompt, startingAt: 0, parent: nil)
    for completion in group.completions {
      precondition(!completion.isEmpty, "a completion needs at least one token")
      let start = rows
      append(Array(completion.dropLast()), startingAt: group.prompt.count, parent: prompt)
      let first = predictions.count
      for (index, token) in completion.enumerated() {
        let row = index == 0 ? firstRow + group.prompt.count - 1 : start + index - 1
        predictions.append(Prediction(row: row, target: token))
      }
      completions.append(first..<predictions.count)
    }
  }

  private mutating func append(_ ids: [Int32], startingAt position: Int, parent: Int?) {
    guard !ids.isEmpty else { return }
    segments.append(Segment(firstRow: rows, rows: ids.count, parent: parent))
    tokens += ids
    positions += (position..<position + ids.count).map { Int32($0) }
  }

  /// Rows of parents, summed over the segments that have one.
  package var parentRows: Int {
    segments.reduce(0) { sum, segment in sum + (segment.parent.map { segments[$0].rows } ?? 0) }
  }
}
