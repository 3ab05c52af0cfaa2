import Foundation
import HoneGraders
import HoneJSON
import HoneNumerics
import HoneTraining

/// What decides speed and bits on this machine.
struct DoctorReport {
  private let workers: Int
  private let multiplier: MatrixMultiplier
  private let rate: Double
  private let disk: Int?
  private let sandbox: SandboxReport

  /// Looks at the machine; takes about a second.
  init(compute: Compute) {
    workers = compute.team.workers
    multiplier = compute.forwardMultiplier
    rate = compute.squareMultiplyRate()
    disk = try? Files.availableSpace(at: ".")
    sandbox = SandboxReport()
  }

  /// The report for people: names and what is to be said.
  var lines: [(String, String)] {
    let features = Kernels.cpuFeatures
    return [
      ("hone", HoneVersion.current),
      ("system", ProcessInfo.processInfo.operatingSystemVersionString),
      (
        "CPU",
        "\(processor), \(ProcessInfo.processInfo.activeProcessorCount) cores"
          + (features.isEmpty ? "" : ", \(features)")
      ),
      ("workers", "\(workers)\(setting("HONE_NUM_THREADS"))"),
      ("kernels", "\(Kernels.name)\(setting("HONE_ISA"))"),
      ("BLAS", "\(BLASInformation.configuration), kernel \(BLASInformation.kernel)"),
      ("sgemm", "\(Int((rate / 1e9).rounded())) GFLOP/s on \(workers) workers"),
      ("additions", additions),
      ("json-c", JSON.libraryVersion),
    ] + sandbox.lines + [
      ("memory", "\(ByteCount.describe(MachineMemory.availableBytes)) available"),
      ("disk", disk.map { "\(ByteCount.describe($0)) free here" } ?? "cannot be asked"),
    ]
  }

  /// The report for machines.
  var json: JSON {
    [
      "hone": .string(HoneVersion.current),
      "system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
      "cpu": .string(processor),
      "cpu_features": .array(
        Kernels.cpuFeatures.split(separator: ",").map { .string(String($0)) }),
      "cores": .integer(ProcessInfo.processInfo.activeProcessorCount),
      "workers": .integer(workers), "kernels": .string(Kernels.name),
      "blas_configuration": .string(BLASInformation.configuration),
      "blas_kernel": .string(BLASInformation.kernel), "sgemm_rate": .number(rate.rounded()),
      "order_of_additions": .string(AdditionOrder.found.rawValue),
      "forward_multiplier": .string(multiplier.rawValue),
      "json_c": .string(JSON.libraryVersion), "sandbox": sandbox.json,
      "memory_available_bytes": .integer(MachineMemory.availableBytes),
      "disk_free_bytes": disk.map { .integer($0) } ?? .null,
    ]
  }

  private var additions: String {
    let user =
      multiplier == .own ? "the own kernel computes forward passes" : "BLAS computes forward passes"
    switch AdditionOrder.found {
    case .house: return "the BLAS follows the house order on fixed panels; \(user)"
    case .other:
      return "the BLAS follows another order than ours, so it stays out of forward passes; \(user)"
    }
  }

  private func setting(_ name: String) -> String {
    ProcessInfo.processInfo.environment[name].map { " (\(name)=\($0.shown()))" } ?? ""
  }

  private var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      let name = line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
      return String(name)
    }
    return "unknown processor"
  }
}
