import ArgumentParser
import HoneJSON
import HoneNumerics

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "What this machine offers, fit to paste into a bug report.",
    discussion: """
      Measures the rate of matrix products for about a second and checks the order of additions \
      that the BLAS at hand follows.

      Example: hone doctor
      """)

  @OptionGroup var machine: MachineFlag

  func run() throws {
    let report = DoctorReport(compute: Compute())
    if machine.json {
      try machine.console.row(report.json)
      return
    }
    var table = Table([.init(""), .init("")])
    for (name, text) in report.lines { table.add([name, text]) }
    try machine.console.say(table)
  }
}
