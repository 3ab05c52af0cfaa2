import Foundation
import HoneNumerics
import Testing

@Suite("Processors and memory as they are given")
struct ControlGroupsTests {
  private let unified = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
  private let older = """
    31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
    32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
    35 31 0:32 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory

    """

  private func groups(
    _ membership: String, _ mounts: String, _ files: [String: String]
  ) -> ControlGroups {
    ControlGroups(membership: membership, mounts: mounts) { files[$0] }
  }

  @Test("version 2: the least quota of the group and all above it")
  func unifiedQuota() {
    func quota(_ files: [String: String]) -> Double? {
      groups("0::/user.slice/run.scope\n", unified, files).processorQuota
    }
    let root = "/sys/fs/cgroup"
    #expect(quota([:]) == nil)
    #expect(quota([root + "/user.slice/run.scope/cpu.max": "max 100000\n"]) == nil)
    #expect(quota([root + "/user.slice/run.scope/cpu.max": "150000 100000\n"]) == 1.5)
    #expect(
      quota([
        root + "/user.slice/run.scope/cpu.max": "400000 100000\n",
        root + "/user.slice/cpu.max": "25000 50000\n",
      ]) == 0.5)
    #expect(quota([root + "/cpu.max": "300000 100000\n"]) == 3)
    #expect(quota([root + "/other/cpu.max": "1000 100000\n"]) == nil)
    #expect(quota([root + "/cpu.max": "nonsense"]) == nil)
    #expect(quota([root + "/cpu.max": "100000 0\n"]) == nil)
  }

  @Test("version 2 in a container: its own group is the root of what it sees")
  func container() {
    let mounts = "30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n"
    let files = [
      "/sys/fs/cgroup/cpu.max": "200000 100000\n", "/sys/fs/cgroup/in/cpu.max": "100000 100000\n",
    ]
    #expect(groups("0::/docker/abc/in\n", mounts, files).processorQuota == 1)
    #expect(groups("0::/docker/abc\n", mounts, files).processorQuota == 2)
    #expect(groups("0::/../other\n", unified, files).processorQuota == 2)
    #expect(groups("0::/\n", unified, files).processorQuota == 2)
  }

  @Test("version 1: quota over period; -1 is no limit")
  func olderQuota() {
    let membership = "4:memory:/job\n2:cpu,cpuacct:/job/step\n0::/\n"
    let root = "/sys/fs/cgroup/cpu,cpuacct"
    func quota(_ files: [String: String]) -> Double? {
      groups(membership, older, files).processorQuota
    }
    #expect(
      quota([
        root + "/job/step/cpu.cfs_quota_us": "-1\n",
        root + "/job/step/cpu.cfs_period_us": "100000\n",
      ]) == nil)
    #expect(
      quota([
        root + "/job/cpu.cfs_quota_us": "250000\n", root + "/job/cpu.cfs_period_us": "100000\n",
      ]) == 2.5)
  }

  @Test("memory: what the limit leaves, files that lie idle counted as free")
  func memory() {
    let root = "/sys/fs/cgroup"
    let files = [
      root + "/a/memory.max": "1000\n", root + "/a/memory.current": "700\n",
      root + "/a/memory.stat": "anon 400\ninactive_file 200\nactive_file 100\n",
      root + "/memory.max": "max\n", root + "/memory.current": "9000\n",
    ]
    #expect(groups("0::/a\n", unified, files).memoryLeft == 500)
    #expect(groups("0::/b\n", unified, files).memoryLeft == nil)
    let full = [root + "/a/memory.max": "1000\n", root + "/a/memory.current": "1200\n"]
    #expect(groups("0::/a\n", unified, full).memoryLeft == 0)
    let old = [
      root + "/memory/job/memory.limit_in_bytes": "4096\n",
      root + "/memory/job/memory.usage_in_bytes": "1024\n",
    ]
    #expect(groups("4:memory:/job\n", older, old).memoryLeft == 3072)
    #expect(MachineMemory.availableBytes > 0)
  }

  @Test("workers: affinity and quota, rounded up, at least one")
  func workers() {
    func workers(_ affinity: Int, _ quota: Double?) -> Int {
      ProcessorAllowance(machine: 8, affinity: affinity, quota: quota).workers
    }
    #expect(workers(8, nil) == 8)
    #expect(workers(1, nil) == 1)
    #expect(workers(8, 1.5) == 2)
    #expect(workers(8, 0.25) == 1)
    #expect(workers(2, 7.5) == 2)
    #expect(workers(8, 1e300) == 8)
    func affinity(_ line: String) -> Int? {
      ProcessorAllowance.affinity(status: "Name:\thone\nCpus_allowed:\t\(line)\nThreads:\t1\n")
    }
    #expect(affinity("3") == 2)
    #expect(affinity("00000000,0000f00f,80000001") == 10)
    #expect(affinity("0") == nil)
    #expect(ProcessorAllowance.affinity(status: "Cpus_allowed_list:\t0-3\n") == nil)
    let current = ProcessorAllowance.current
    #expect((1...current.machine).contains(current.affinity))
  }

  @Test("HONE_NUM_THREADS is a number from 1 to 1024")
  func setting() {
    #expect(WorkerTeam.workers(setting: "1") == 1)
    #expect(WorkerTeam.workers(setting: "1024") == 1024)
    for wrong in ["", "0", "-1", "abc", "1025", "2.0", " 2", "1e2"] {
      #expect(WorkerTeam.workers(setting: wrong) == nil)
    }
  }

  @Test("instruction sets are those that Linux names, of the ones that matter")
  func instructionSets() throws {
    let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    let flags = Set(line.split(whereSeparator: { $0 == " " || $0 == ":" || $0 == "\t" }))
    let matters = [
      "avx2", "fma", "avx_vnni", "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512_vnni",
      "avx512_bf16", "amx_tile", "amx_bf16", "amx_int8",
    ]
    #expect(Kernels.instructionSets == matters.filter { flags.contains($0[...]) })
  }
}

@Suite("What memory there is, and what says so")
struct MemoryAllowanceTests {
  private func allowance(
    _ files: [String: String], machine: Int = 10_000, addressSpace: Int? = nil, data: Int? = nil
  ) -> MemoryAllowance {
    let groups = ControlGroups(
      membership: "0::/job/step\n",
      mounts: "30 20 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n"
    ) { files[$0] }
    return .least(machine: machine, groups: groups, addressSpace: addressSpace, data: data)
  }

  @Test("the least of all bounds, by name; a group above may be the tighter one")
  func bounds() {
    let root = "/sys/fs/cgroup"
    #expect(allowance([:]) == MemoryAllowance(bytes: 10_000, bound: .machine))
    let nested = [
      root + "/job/memory.max": "3000\n", root + "/job/memory.current": "2500\n",
      root + "/job/step/memory.max": "2000\n", root + "/job/step/memory.current": "100\n",
    ]
    let job = allowance(nested)
    #expect(job == MemoryAllowance(bytes: 500, bound: .controlGroup(root + "/job")))
    #expect(job.bound.name == "the limit of the control group /sys/fs/cgroup/job")
    #expect(allowance(nested, addressSpace: 400).bound == .addressSpace)
    #expect(allowance(nested, addressSpace: 400, data: 300).bound == .data)
    #expect(allowance(nested, machine: 200).bound == .machine)
  }

  @Test("the limit on address space is seen")
  func addressSpace() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 900 << 20, rlim_max: 900 << 20)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      let allowance = MemoryAllowance.current
      #expect(allowance.bound == .addressSpace)
      #expect((1..<(900 << 20)).contains(allowance.bytes))
    }
  }
}
