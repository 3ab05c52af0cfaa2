import HoneNumerics
import Testing

@Suite("Rotary tables that grow")
struct RotaryTableTests {
  @Test("A table that grew has the bits of one that was made as large", arguments: [2, 16, 64])
  func growth(headSize: Int) {
    let whole = RotaryTable(headSize: headSize, positions: 1000, theta: 500_000)
    var grown = RotaryTable(headSize: headSize, positions: 0, theta: 500_000)
    #expect(grown.values.isEmpty)
    for positions in [1, 7, 7, 3, 256, 1000] { grown.grow(to: positions) }
    #expect(grown.positions == 1000)
    #expect(grown.values.map(\.bitPattern) == whole.values.map(\.bitPattern))
  }
}
