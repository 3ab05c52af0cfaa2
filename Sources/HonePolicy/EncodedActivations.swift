import HoneNumerics

/// Activations of every layer in small formats, from the forward to the backward pass.
///
/// Only one layer's activations exist in single precision at a time: the forward pass encodes what a
/// layer leaves, the backward pass decodes it. The forward pass itself never reads what is encoded, so
/// no log-probability depends on these formats. 1 / rms of a row is computed again from its decoded input;
/// that of a query or key head is kept as it was.
struct EncodedActivations {
  /// One kind of rows within a layer.
  private struct Part {
    let offset: Int
    let layout: EncodedRows
    let pointer: (LayerActivations) -> UnsafeMutablePointer<Float>?
  }

  private let storage: TensorBuffer
  private let parts: [Part]
  private let layerBytes: Int

  init(_ c: PolicyConfiguration, rows: Int, precision: Precision, layers: Int) {
    (parts, layerBytes) = Self.parts(c, rows: rows, precision: precision)
    storage = TensorBuffer(count: layers * layerBytes / 4)
  }

  static func bytes(
    _ c: PolicyConfiguration, rows: Int, precision: Precision, layers: Int
  ) -> Int {
    layers * parts(c, rows: rows, precision: precision).bytes
  }

  private static func parts(
    _ c: PolicyConfiguration, rows: Int, precision: Precision
  ) -> (parts: [Part], bytes: Int) {
    let shape = c.attention
    let (plain, around) = (precision.activations, precision.attentionActivations)
    var parts: [Part] = []
    var end = 0
    func add(
      _ channels: Int, _ format: NumberFormat,
      _ pointer: @escaping (LayerActivations) -> UnsafeMutablePointer<Float>?
    ) {
      let layout = EncodedRows(format: format, channels: channels)
      parts.append(Part(offset: end, layout: layout, pointer: pointer))
      end += (rows * layout.rowBytes + 63) / 64 * 64
    }
    add(c.hiddenSize, plain) { $0.input }
    add(shape.fusedWidth, around) { $0.fused }
    add(shape.keyOffset, around) { $0.attended }
    add(c.hiddenSize, plain) { $0.middle }
    add(2 * c.intermediateSize, plain) { $0.gateUp }
    if c.headNorm {
      add(shape.valueOffset, around) { $0.unnormed }
      add(shape.heads + shape.keyValueHeads, .fp32) { $0.headRstd }
    }
    return (parts, end)
  }

  private func place(_ part: Part, _ layer: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(storage.pointer) + layer * layerBytes + part.offset
  }

  func keep(_ layer: Int, _ a: LayerActivations, rows: Int, _ compute: Compute) {
    for part in parts {
      guard let x = part.pointer(a) else { continue }
      compute.encode(
        part.layout, rows: rows, x: x, stride: part.layout.channels, to: place(part, layer))
    }
  }

  func restore(_ layer: Int, _ a: LayerActivations, rows: Int, _ compute: Compute) {
    for part in parts {
      guard let x = part.pointer(a) else { continue }
      compute.decode(
        part.layout, rows: rows, from: place(part, layer), x: x, stride: part.layout.channels)
    }
  }
}
