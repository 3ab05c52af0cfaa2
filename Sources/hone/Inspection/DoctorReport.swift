import Foundation
import HoneGraders
import HoneJSON
import HoneNumerics
import HoneTraining

/// What decides speed and bits on this machine.
struct DoctorReport {
  private let build = VersionReport.build
  private let workers: Int
  private let processors: ProcessorAllowance
  private let multiplier: MatrixMultiplier
  /// Nil where there is no OpenBLAS.
  private let rate: Double?
  private let missingBLAS: String?
  private let memory: MemoryAllowance
  private let disk: Int?
  private let sandbox: SandboxReport

  /// Looks at the machine; takes about a second.
  init(compute: Compute) {
    workers = compute.team.workers
    processors = .current
    multiplier = compute.forwardMultiplier
    do throws(MachineError) {
      try BLASLibrary.require(threads: workers)
      rate = compute.squareMultiplyRate()
      missingBLAS = nil
    } catch {
      rate = nil
      missingBLAS = error.description
    }
    memory = .current
    disk = try? Files.availableSpace(at: ".")
    sandbox = SandboxReport()
  }

  /// The report for people: names and what is to be said.
  var lines: [(String, String)] {
    let sets = Kernels.instructionSets
    return [
      ("hone", "\(HoneVersion.current), build \(build ?? "unknown")"),
      ("system", ProcessInfo.processInfo.operatingSystemVersionString),
      ("CPU", "\(processor), \(cores)"),
      (
        "instructions",
        sets.isEmpty ? "none of the sets that matter to products" : sets.joined(separator: ", ")
      ),
      ("workers", "\(workers)\(setting(WorkerTeam.environmentName))"),
      ("kernels", "\(Kernels.name)\(setting("HONE_ISA"))"),
      ("BLAS", blas),
      (
        "sgemm",
        rate.map { "\(Int(($0 / 1e9).rounded())) GFLOP/s on \(workers) workers" } ?? "not measured"
      ),
      ("additions", additions),
      ("json-c", JSON.libraryVersion),
    ] + sandbox.lines + [
      ("memory", "\(ByteCount.describe(memory.bytes)) available: \(memory.bound.name)"),
      ("disk", disk.map { "\(ByteCount.describe($0)) free here" } ?? "cannot be asked"),
    ]
  }

  /// The report for machines.
  var json: JSON {
    [
      "hone": .string(HoneVersion.current), "build": build.map(JSON.string) ?? .null,
      "system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
      "cpu": .string(processor),
      "instruction_sets": .array(Kernels.instructionSets.map(JSON.string)),
      "cores": .integer(processors.machine), "affinity": .integer(processors.affinity),
      "processor_quota": processors.quota.map { .number($0) } ?? .null,
      "workers": .integer(workers), "kernels": .string(Kernels.name),
      "blas_configuration": BLASLibrary.configuration.map(JSON.string) ?? .null,
      "blas_kernel": BLASLibrary.kernel.map(JSON.string) ?? .null,
      "sgemm_rate": rate.map { .number($0.rounded()) } ?? .null,
      "order_of_additions": .string(AdditionOrder.found.rawValue),
      "forward_multiplier": .string(multiplier.rawValue),
      "json_c": .string(JSON.libraryVersion), "isolation": .integer(sandbox.level),
      "sandbox": sandbox.json, "memory_available": .integer(memory.bytes),
      "memory_bound": .string(memory.bound.name),
      "disk_free": disk.map { .integer($0) } ?? .null,
    ]
  }

  /// The processors of the machine, and how many of them are given to this process.
  private var cores: String {
    var text = "\(processors.machine) cores"
    if processors.affinity < processors.machine { text += ", \(processors.affinity) by affinity" }
    if let quota = processors.quota { text += ", \(quota.shown(digits: 2)) by the group's quota" }
    return text
  }

  private var blas: String {
    if let missingBLAS { return "none, so that nothing can be trained: \(missingBLAS)" }
    return "\(BLASLibrary.configuration ?? "unknown"), kernel \(BLASLibrary.kernel ?? "unknown")"
  }

  /// Which code makes forward passes; either way is as it should be.
  private var additions: String {
    if missingBLAS != nil { return "fine: forward passes use Hone's own kernel" }
    return switch (AdditionOrder.found, multiplier) {
    case (.house, .own):
      "fine: forward passes use Hone's own kernel; this OpenBLAS would give the same bits"
    case (.house, _): "fine: forward passes use OpenBLAS, which adds in Hone's order here"
    case (.other, _):
      "fine: forward passes use Hone's own kernel; this OpenBLAS adds in another order and is "
        + "used for weight gradients only"
    }
  }

  private func setting(_ name: String) -> String {
    let value = ProcessInfo.processInfo.environment[name] ?? ""
    return value.isEmpty ? "" : " (\(name)=\(value.shown()))"
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
