import CKernels
import Foundation
import HoneNumerics
import Testing

/// Small floats against their definition in double arithmetic.
@Suite("Number formats: every code, every edge")
struct NumberFormatTests {
  static let formats = ["bf16", "e4m3", "e5m2", "e5m6", "e3m4", "e4m7", "e6m9", "e2m1"].compactMap {
    NumberFormat($0)
  }

  /// Every magnitude of a format, in order, from its definition.
  private static func magnitudes(_ f: NumberFormat) -> [Double] {
    let steps = 1 << f.mantissaBits
    let top = 1 << f.exponentBits
    return (0..<top).flatMap { exponent in
      (0..<steps).map { mantissa in
        exponent == 0
          ? scalbn(Double(mantissa), 1 - f.bias - f.mantissaBits)
          : scalbn(Double(steps + mantissa), exponent - f.bias - f.mantissaBits)
      }
    }.filter { $0 <= Double(f.maximum) }
  }

  /// The nearest of a format's numbers, ties to the even code; saturated.
  private static func rounded(_ x: Float, _ magnitudes: [Double]) -> Float {
    if x.isNaN { return x }
    let size = Double(x.magnitude)
    var low = 0
    var high = magnitudes.count - 1
    while low < high {
      let middle = (low + high) / 2
      if magnitudes[middle] < size { low = middle + 1 } else { high = middle }
    }
    // `low` is the first that is not smaller (or the largest).
    var best = low
    if low > 0 {
      let (below, above) = (size - magnitudes[low - 1], magnitudes[low] - size)
      if above > 0, below < above || (below == above && (low - 1) % 2 == 0) { best = low - 1 }
    }
    let value = Float(magnitudes[best])
    return x.sign == .minus ? -value : value
  }

  /// Every number, every midpoint, and their neighbours; and what lies outside.
  private static func edges(_ magnitudes: [Double]) -> [Float] {
    var values: [Float] = []
    for (index, size) in magnitudes.enumerated() where index + 1 < magnitudes.count {
      let middle = Float((size + magnitudes[index + 1]) / 2)
      values += [Float(size), middle, middle.nextUp, middle.nextDown]
    }
    let top = Float(magnitudes[magnitudes.count - 1])
    values += [top, top.nextUp, .greatestFiniteMagnitude, .infinity, .leastNonzeroMagnitude, 0]
    return values + values.map { -$0 }
  }

  @Test("Rounding is to nearest, ties to even, and saturates", arguments: formats, kernelSets)
  func rounding(format: NumberFormat, kernelName: String) throws {
    let compute = try Compute(testing: kernelName)
    let magnitudes = Self.magnitudes(format)
    try withArena { arena in
      let random = arena.random(4001, scale: Float(min(1000, magnitudes.last ?? 1)))
      let values = Self.edges(magnitudes) + (0..<4001).map { random[$0] }
      let x = arena.copy(values)
      let kernel = HoneFormat(
        exponentBits: Int32(format.exponentBits), mantissaBits: Int32(format.mantissaBits),
        bias: Int32(format.bias), maximum: format.maximum)
      compute.kernels.roundRows(1, values.count, x, values.count, 0, kernel)
      for (index, value) in values.enumerated() {
        let wanted = Self.rounded(value, magnitudes)
        try #require(
          x[index].bitPattern == wanted.bitPattern,
          "\(format): \(value) became \(x[index]), wanted \(wanted)")
      }
    }
  }

  @Test(
    "A stored number is the rounded number, for every code and NaN", arguments: formats, kernelSets)
  func codes(format: NumberFormat, kernelName: String) throws {
    let compute = try Compute(testing: kernelName)
    let magnitudes = Self.magnitudes(format)
    let values = magnitudes.flatMap { [Float($0), -Float($0)] } + [.nan]
    let kernel = HoneFormat(
      exponentBits: Int32(format.exponentBits), mantissaBits: Int32(format.mantissaBits),
      bias: Int32(format.bias), maximum: format.maximum)
    var bytes = [UInt8](repeating: 0, count: values.count * 2 + 64)
    var back = [Float](repeating: 1, count: values.count)
    var scale: Int8 = 0
    compute.kernels.encode(values.count, values, 0, kernel, &bytes, &scale)
    compute.kernels.decode(values.count, bytes, &scale, 0, kernel, &back)
    for (index, value) in values.enumerated() {
      #expect(back[index].bitPattern == value.bitPattern || (value.isNaN && back[index].isNaN))
    }
    // The code itself: sign, exponent and mantissa bits from the top.
    let bits = 1 + format.exponentBits + format.mantissaBits
    guard format.storageBits != 12 else { return }
    for index in 0..<magnitudes.count {
      let code =
        format.storageBits == 8
        ? Int(bytes[2 * index]) : Int(bytes[4 * index]) | Int(bytes[4 * index + 1]) << 8
      #expect(code == index)
      let negative =
        format.storageBits == 8
        ? Int(bytes[2 * index + 1]) : Int(bytes[4 * index + 2]) | Int(bytes[4 * index + 3]) << 8
      #expect(negative == index | 1 << (bits - 1))
    }
  }

  @Test(
    "Rows of any length come back as rounding leaves them",
    arguments: formats, [1, 7, 8, 9, 48, 127, 128, 129, 200, 300])
  func rows(format: NumberFormat, channels: Int) throws {
    for kernelName in kernelSets {
      let compute = try Compute(testing: kernelName, workers: 2)
      withArena { arena in
        let rows = 37
        let x = arena.random(rows * channels, scale: 1e-3)
        for row in 0..<rows { x[row * channels] *= 1e6 }
        let layout = EncodedRows(format: format, channels: channels)
        let storage = TensorBuffer(count: rows * layout.rowBytes / 4 + 1)
        compute.encode(layout, rows: rows, x: x, stride: channels, to: storage.pointer)
        let back = arena.filled(rows * channels, .nan)
        compute.decode(layout, rows: rows, from: storage.pointer, x: back, stride: channels)
        compute.round(rows: rows, channels: channels, x: x, stride: channels, format: format)
        #expect(bits(back, rows * channels) == bits(x, rows * channels))
      }
    }
  }

  /// What `formats.json` holds of one format.
  private struct Golden: Decodable {
    var inputs: [UInt32]
    var codes: [UInt32]
  }

  @Test("Codes are those of ml_dtypes", arguments: kernelSets)
  func goldens(kernelName: String) throws {
    let compute = try Compute(testing: kernelName)
    let url = try #require(
      Bundle.module.url(forResource: "formats", withExtension: "json", subdirectory: "Goldens"))
    let goldens = try JSONDecoder().decode([String: Golden].self, from: Data(contentsOf: url))
    #expect(goldens.count == 5)
    for (name, golden) in goldens {
      let format = try #require(NumberFormat(name))
      let count = golden.inputs.count
      #expect(count > 900)
      let kernel = HoneFormat(
        exponentBits: Int32(format.exponentBits), mantissaBits: Int32(format.mantissaBits),
        bias: Int32(format.bias), maximum: format.maximum)
      var bytes = [UInt8](repeating: 0, count: 2 * count + 64)
      var scale: Int8 = 0
      let inputs = golden.inputs.map { Float(bitPattern: $0) }
      compute.kernels.encode(count, inputs, 0, kernel, &bytes, &scale)
      let codes = (0..<count).map { index in
        format.storageBits == 8
          ? UInt32(bytes[index]) : UInt32(bytes[2 * index]) | UInt32(bytes[2 * index + 1]) << 8
      }
      for (index, code) in codes.enumerated() {
        try #require(code == golden.codes[index], "\(name): \(inputs[index])")
      }
    }
  }

  @Test("A tile's scale is the smallest power of two that brings it into range")
  func scales() throws {
    let compute = try Compute(testing: kernelSets.last ?? "portable")
    for format in [NumberFormat.e4m3, .e5m2, .e5m6] {
      let magnitudes = Self.magnitudes(format)
      for size: Float in [1e-30, 1e-9, 0.99, 1, 447, 448, 449, 1e6, 1e20] {
        try withArena { arena in
          let values = (0..<300).map { index in size * Float(index % 128 - 64) / 64 }
          let x = arena.copy(values)
          compute.round(rows: 1, channels: 300, x: x, stride: 300, format: format)
          for start in [0, 128, 256] {
            let tile = values[start..<min(300, start + 128)]
            let top = Double(tile.map(\.magnitude).max() ?? 0)
            let exponent = Int(log2(top / Double(format.maximum)).rounded(.up))
            for (index, value) in tile.enumerated() {
              let scaled = Float(scalbn(Double(value), -exponent))
              let wanted = Float(scalbn(Double(Self.rounded(scaled, magnitudes)), exponent))
              try #require(x[start + index].bitPattern == wanted.bitPattern)
            }
          }
        }
      }
    }
  }

  @Test("Columns are rounded as rows of the transposed matrix are")
  func columns() throws {
    for kernelName in kernelSets {
      let compute = try Compute(testing: kernelName)
      for (rows, channels) in [(1, 5), (128, 64), (129, 70), (300, 9)] {
        withArena { arena in
          let x = arena.random(rows * channels)
          let turned = arena.filled(rows * channels)
          for row in 0..<rows {
            for column in 0..<channels { turned[column * rows + row] = x[row * channels + column] }
          }
          compute.roundColumns(rows: rows, channels: channels, x: x, format: .e4m3)
          compute.round(rows: channels, channels: rows, x: turned, stride: rows, format: .e4m3)
          for row in 0..<rows {
            for column in 0..<channels {
              #expect(x[row * channels + column] == turned[column * rows + row])
            }
          }
        }
      }
    }
  }

  @Test("Names are read and written; others are refused")
  func names() {
    for name in ["fp32", "bf16", "e4m3", "e5m2", "e5m6", "e8m3", "e2m9"] {
      #expect(NumberFormat(name)?.description == name)
    }
    #expect(NumberFormat("e8m7") == .bf16)
    for name in ["fp16", "e9m3", "e1m3", "e8m8", "e5m11", "e4m0", "", "E4M3"] {
      #expect(NumberFormat(name) == nil, "\(name)")
    }
    #expect(NumberFormat.e4m3.maximum == 448 && NumberFormat.e5m2.maximum == 57344)
  }

  @Test("fp32 goes into bf16 and its rest and comes back exactly")
  func halves() throws {
    for kernelName in kernelSets {
      let compute = try Compute(testing: kernelName)
      let patterns: [UInt32] = [
        0, 0x8000_0000, 0x3f80_0000, 0x3f80_7fff, 0x3f80_8000, 0x3f80_8001, 0x3fff_ffff,
        0x7f7f_ffff, 0xff7f_8000, 1, 0x8000_7fff, 0x7f80_0000, 0x7fc0_0000,
      ]
      let values =
        patterns.map { Float(bitPattern: $0) }
        + (0..<5000).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0 &* 2_654_435_761)) }
      let (high, low) = (HalfBuffer(count: values.count), HalfBuffer(count: values.count))
      compute.split(count: values.count, values, high: high.pointer, low: low.pointer)
      var back = [Float](repeating: 0, count: values.count)
      compute.join(count: values.count, high: high.pointer, low: low.pointer, &back)
      #expect(back.map(\.bitPattern) == values.map(\.bitPattern))
      let magnitudes = Self.magnitudes(.bf16)
      for (index, value) in values.enumerated() where value.isFinite {
        let half = Float(bitPattern: UInt32(high.pointer[index]) << 16)
        let nearest = Self.rounded(value, magnitudes)
        // Ties go up in magnitude here; everything else is the nearest number.
        if half.isFinite {
          #expect((half - value).magnitude <= (nearest - value).magnitude)
        }
      }
    }
  }

  @Test(
    "A rounded copy is what rounding in place leaves, and leaves its source", arguments: kernelSets)
  func copies(kernelName: String) throws {
    let compute = try Compute(testing: kernelName, workers: 2)
    for format in [NumberFormat.fp32, .bf16, .e4m3] {
      for (rows, channels) in [(1, 8), (130, 200), (300, 67)] {
        withArena { arena in
          let count = rows * channels
          let x = arena.random(count, scale: 3)
          let (byRow, byColumn) = (arena.copy(x, count), arena.copy(x, count))
          let (source, rowCopy, columnCopy) = (
            arena.copy(x, count), arena.filled(count, .nan), arena.filled(count, .nan)
          )
          compute.round(rows: rows, channels: channels, x: byRow, stride: channels, format: format)
          compute.roundColumns(rows: rows, channels: channels, x: byColumn, format: format)
          compute.roundedCopy(
            rows: rows, channels: channels, source, to: rowCopy, format: format)
          compute.columnRoundedCopy(
            rows: rows, channels: channels, source, to: columnCopy, format: format)
          #expect(bits(rowCopy, count) == bits(byRow, count))
          #expect(bits(columnCopy, count) == bits(byColumn, count))
          #expect(bits(source, count) == bits(x, count))
        }
      }
    }
  }
}
