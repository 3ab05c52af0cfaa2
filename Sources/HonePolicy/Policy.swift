import Foundation
public import HoneNumerics

/// A decoder with its parameters: what is trained, sampled from and stored.
///
/// Not `Sendable`: one owner at a time runs it.
public final class Policy {
  /// The shape.
  public let configuration: PolicyConfiguration
  /// Where the parameters lie.
  public let layout: ParameterLayout
  /// All parameters, flat: in single precision all of them, else those that are not split into halves
  /// (see ``adopt(_:)``); ``parameter(_:)`` reads any.
  public let parameters: TensorBuffer
  /// Ids outside the policy's distribution, in order: those that its tokenizer has no text for.
  ///
  /// Empty unless a ``LoadedModel`` found some.
  public package(set) var excludedTokens: [Range<Int>] = [] {
    didSet {
      precondition(
        excludedTokens.allSatisfy {
          $0.lowerBound >= 0 && $0.upperBound <= configuration.vocabularySize
        },
        "excluded ids \(excludedTokens) of a vocabulary of \(configuration.vocabularySize)")
      precondition(sampledTokenCount > 0, "all ids are excluded: nothing could be sampled")
    }
  }
  /// The number formats.
  public internal(set) var precision = Precision.fp32
  /// The halves of bf16 matrices, where there are any.
  var planes: SplitPlanes?
  /// Where the scales of a matrix begin, by its offset in the layout.
  var blockOffsets: [Int: Int] = [:]
  var blockScales: TensorBuffer?
  /// Where the codes of matrices lie, by their offset in the layout, while there are any.
  var codes: [Int: UnsafeMutablePointer<UInt8>] = [:]
  /// Memory that sampling may overwrite: the gradients of who trains this policy.
  ///
  /// They hold nothing between updates. Without it such memory is allocated when it is needed.
  package weak var spareMemory: Gradients?
  var ownCodes: TensorBuffer?
  /// What computes.
  public let compute: Compute
  /// Cosines and sines for the positions that were used so far.
  public private(set) var rotary: RotaryTable

  /// A policy whose parameters are all 0, to be filled.
  public init(configuration: PolicyConfiguration, compute: Compute) {
    self.configuration = configuration
    self.compute = compute
    layout = ParameterLayout(configuration)
    parameters = TensorBuffer(count: layout.count)
    rotary = RotaryTable(
      headSize: configuration.headSize, positions: 0, theta: configuration.ropeTheta)
  }

  /// Makes room for a pass over rows at these positions, before its workers read the table.
  ///
  /// A policy of ten million positions costs those that its longest sequence has. Growing by half
  /// makes one step after another cheap.
  func prepareRotary(_ positions: [Int32]) {
    let needed = Int(positions.max() ?? -1) + 1
    guard needed > rotary.positions else { return }
    precondition(
      needed <= configuration.maximumPositions,
      "position \(needed - 1) of a policy of \(configuration.maximumPositions)")
    rotary.grow(
      to: min(configuration.maximumPositions, max(needed, 256, rotary.positions / 2 * 3)))
  }

  /// A policy with random weights: normal, the two matrices that write
  /// to the residual stream divided by sqrt(2 layers), norms 1, biases 0.
  ///
  /// Each tensor's numbers are a function of (seed, tensor name, index).
  /// - Parameter deviation: standard deviation of the weights; default 0.02 (GPT-2).
  public convenience init(
    configuration: PolicyConfiguration, seed: UInt64, deviation: Double = 0.02, compute: Compute
  ) {
    self.init(configuration: configuration, compute: compute)
    let residual = deviation / (2 * Double(configuration.layers)).squareRoot()
    for tensor in layout.tensors {
      if tensor.name.hasSuffix(".bias") { continue }
      let count = tensor.shape.reduce(1, *)
      var values = [Float](repeating: 1, count: count)
      if !tensor.name.hasSuffix("norm.weight") {
        let writes =
          tensor.name.hasSuffix("o_proj.weight") || tensor.name.hasSuffix("down_proj.weight")
        let stream = RandomStream(seed: seed, purpose: .initialization, problem: tensor.name)
        for index in 0..<count {
          values[index] = Float((writes ? residual : deviation) * stream.normal(index))
        }
      }
      write(values, to: tensor, of: parameters)
    }
  }

  /// An exact copy with parameters of its own (a frozen reference, say).
  public func copy() -> Policy {
    let other = Policy(configuration: configuration, compute: compute)
    for tensor in layout.tensors { other.setParameter(parameter(tensor), tensor) }
    other.adopt(precision)
    other.excludedTokens = excludedTokens
    return other
  }

  /// The values of one parameter as a file holds them: the fp32 masters, or what is left of them.
  public func parameter(_ tensor: ParameterLayout.Tensor) -> [Float] {
    guard isSplit(tensor.slice), let planes else { return read(tensor, of: parameters) }
    var values = [Float](repeating: 0, count: tensor.shape.reduce(1, *))
    forEachElement(of: tensor) { file, flat in
      let high = UInt32(planes.high.pointer[flat]) << 16
      let low = planes.low.map { Int32(Int16(bitPattern: $0.pointer[flat])) } ?? 0
      values[file] = Float(bitPattern: high &+ UInt32(bitPattern: low))
    }
    return values
  }

  /// Sets one parameter; ``weightsChanged()`` is due after the last.
  public func setParameter(_ values: [Float], _ tensor: ParameterLayout.Tensor) {
    guard isSplit(tensor.slice), let planes else {
      write(values, to: tensor, of: parameters)
      return
    }
    forEachElement(of: tensor) { file, flat in
      let bits = values[file].bitPattern
      planes.high.pointer[flat] = UInt16(truncatingIfNeeded: (bits &+ 0x8000) >> 16)
      planes.low?.pointer[flat] = UInt16(truncatingIfNeeded: bits)
    }
  }

  /// Takes the parameters of another policy of the same layout; formats stay what they are.
  package func copyParameters(of other: Policy) {
    for tensor in layout.tensors { setParameter(other.parameter(tensor), tensor) }
    weightsChanged()
  }

  /// The first weight that is not finite, for people: its value, tensor and index; nil where all are.
  package var firstNonFinite: String? {
    for tensor in layout.tensors {
      let values = parameter(tensor)
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        return "\(values[index]) at index \(index) of '\(tensor.name)'"
      }
    }
    return nil
  }

  /// The root of the mean square of the weights of all matrices: how large one typically is.
  package var typicalWeight: Double {
    var (sum, count) = (0.0, 0.0)
    for tensor in layout.tensors where tensor.shape.count > 1 {
      let values = parameter(tensor)
      sum += values.reduce(0) { $0 + Double($1) * Double($1) }
      count += Double(values.count)
    }
    return count > 0 ? (sum / count).squareRoot() : 0
  }

  /// The elements of one tensor, as a file holds them, out of a flat buffer of this layout.
  public func read(_ tensor: ParameterLayout.Tensor, of buffer: TensorBuffer) -> [Float] {
    var values = [Float](repeating: 0, count: tensor.shape.reduce(1, *))
    forEachElement(of: tensor) { file, flat in values[file] = buffer.pointer[flat] }
    return values
  }

  /// Writes the elements of one tensor, as a file holds them, into a flat buffer of this layout.
  public func write(_ values: [Float], to tensor: ParameterLayout.Tensor, of buffer: TensorBuffer) {
    precondition(
      values.count == tensor.shape.reduce(1, *),
      "\(tensor.name): \(values.count) values for shape \(tensor.shape)")
    forEachElement(of: tensor) { file, flat in buffer.pointer[flat] = values[file] }
  }

  /// The elements of one tensor out of a buffer of bf16 numbers, widened.
  public func read(_ tensor: ParameterLayout.Tensor, of buffer: HalfBuffer) -> [Float] {
    var values = [Float](repeating: 0, count: tensor.shape.reduce(1, *))
    forEachElement(of: tensor) { file, flat in
      values[file] = Float(bitPattern: UInt32(buffer.pointer[flat]) << 16)
    }
    return values
  }

  /// Writes numbers that bf16 holds exactly into a buffer of bf16 numbers.
  public func write(_ values: [Float], to tensor: ParameterLayout.Tensor, of buffer: HalfBuffer) {
    precondition(
      values.count == tensor.shape.reduce(1, *),
      "\(tensor.name): \(values.count) values for shape \(tensor.shape)")
    forEachElement(of: tensor) { file, flat in
      buffer.pointer[flat] = UInt16(truncatingIfNeeded: values[file].bitPattern >> 16)
    }
  }

  /// Pairs (index in the file's tensor, index in the flat buffer).
  private func forEachElement(of tensor: ParameterLayout.Tensor, _ body: (Int, Int) -> Void) {
    let slice = tensor.slice
    let width = slice.columns
    let base = slice.offset + tensor.firstColumn
    if tensor.transposed {
      let (out, input) = (tensor.shape[0], tensor.shape[1])
      for row in 0..<out {
        for column in 0..<input { body(row * input + column, base + column * width + row) }
      }
    } else {
      for index in 0..<tensor.shape.reduce(1, *) { body(index, base + index) }
    }
  }

  /// Memory for the codes of all matrices, as long as its owner lives.
  func codeMemory() -> UnsafeMutablePointer<Float> {
    let count = layout.codeFloats
    if let spare = spareMemory?.spare(count) { return spare }
    if let ownCodes { return ownCodes.pointer }
    let memory = TensorBuffer(count: count)
    ownCodes = memory
    return memory.pointer
  }

  func pointer(_ slice: ParameterLayout.Slice) -> UnsafeMutablePointer<Float> {
    parameters.pointer + slice.offset
  }
}

extension RandomStream {
  /// A standard normal number (Box and Muller 1958).
  func normal(_ index: Int) -> Double {
    let radius = (-2 * log(1 - uniform(sample: 0, position: index))).squareRoot()
    return radius * cos(2 * Double.pi * uniform(sample: 1, position: index))
  }
}
