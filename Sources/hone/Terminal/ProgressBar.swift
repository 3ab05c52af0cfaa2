/// A share as a row of blocks: `█████░░░`.
package struct ProgressBar: CustomStringConvertible {
  /// The blocks.
  package let description: String

  /// Draws a share in 0...1 over `width` columns; a block is filled when its part is done.
  package init(_ share: Double, width: Int) {
    let filled = Int(min(1, max(0, share)) * Double(width))
    description =
      String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }
}
