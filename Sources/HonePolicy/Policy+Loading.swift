import HoneFiles
public import HoneNumerics

// From weight files into a policy: everything is compared before anything is allocated, and a tensor
// goes piece by piece to where it belongs.

extension ModelFolder {
  /// The policy with its weights; every tensor is checked for its shape and for NaN and infinity.
  ///
  /// Nothing is allocated for it before config.json and the headers of the weights agree.
  public func policy(compute: Compute) throws(PolicyError) -> Policy {
    let configuration = try configuration()
    let files = try WeightFiles(folder: self)
    try compare(configuration, files)
    let policy = Policy(configuration: configuration, compute: compute)
    for tensor in policy.layout.tensors { try read(tensor, of: files, into: policy) }
    return policy
  }

  /// Compares what config.json says with the headers: names, shapes, and nothing left over.
  private func compare(
    _ configuration: PolicyConfiguration, _ files: WeightFiles
  ) throws(PolicyError) {
    // A decoder's layers have several tensors each: fewer in the files, and none needs be laid out.
    guard configuration.layers <= files.names.count else {
      throw PolicyError(
        .badData,
        "\(path): config.json says num_hidden_layers \(configuration.layers), and \(files.description) has \(files.names.count) tensors"
      )
    }
    var unread = Set(files.names)
    for tensor in ParameterLayout(configuration).tensors {
      guard let reader = files.reader(of: tensor.name), let entry = reader.entries[tensor.name]
      else {
        throw PolicyError(
          .badData, "\(path): no tensor '\(tensor.name)' in \(files.description)")
      }
      guard entry.shape == tensor.shape else {
        throw PolicyError(
          .badData,
          "\(reader.path): tensor '\(tensor.name)' has shape \(entry.shape), config.json wants \(tensor.shape)"
        )
      }
      unread.remove(tensor.name)
    }
    if configuration.tiedHead { unread.remove("lm_head.weight") }
    if let name = unread.filter({ !$0.hasSuffix("rotary_emb.inv_freq") }).min() {
      throw PolicyError(
        .badData,
        "\(path): tensor '\(name)' is not part of a \(configuration.architecture.rawValue) policy with this config.json"
      )
    }
  }

  private func read(
    _ tensor: ParameterLayout.Tensor, of files: WeightFiles, into policy: Policy
  ) throws(PolicyError) {
    guard let reader = files.reader(of: tensor.name) else { return }
    let row = tensor.shape.count == 2 ? tensor.shape[1] : 1
    try reader.forEachPiece(of: tensor.name, unit: row) { range, piece throws(PolicyError) in
      // The largest magnitude, as bits, tells whether any is not finite; which one matters only then.
      var largest: UInt32 = 0
      for value in piece { largest = max(largest, value.bitPattern & 0x7FFF_FFFF) }
      if largest >= Float.infinity.bitPattern, let index = piece.firstIndex(where: { !$0.isFinite })
      {
        throw PolicyError(
          .badData,
          "\(reader.path): tensor '\(tensor.name)' holds \(piece[index]) at index \(range.lowerBound + index). These weights cannot be used; take an earlier checkpoint"
        )
      }
      policy.setParameter(tensor, elements: range, to: piece)
    }
  }
}

extension Policy {
  /// Sets some whole rows of a parameter, as a file holds them, of a policy in single precision.
  func setParameter(
    _ tensor: ParameterLayout.Tensor, elements: Range<Int>, to values: UnsafeBufferPointer<Float>
  ) {
    precondition(precision == .fp32, "weights are read before a precision is adopted")
    guard let source = values.baseAddress else { return }
    let target = pointer(tensor.slice) + tensor.firstColumn
    guard tensor.transposed else {
      (target + elements.lowerBound).update(from: source, count: values.count)
      return
    }
    let (input, width) = (tensor.shape[1], tensor.slice.columns)
    let first = elements.lowerBound / input
    let rows = values.count / input
    // By squares, so that the lines of both sides stay in the cache.
    let side = 16
    for top in stride(from: 0, to: rows, by: side) {
      for left in stride(from: 0, to: input, by: side) {
        for column in left..<min(input, left + side) {
          let line = target + column * width + first
          for row in top..<min(rows, top + side) { line[row] = source[row * input + column] }
        }
      }
    }
  }
}
