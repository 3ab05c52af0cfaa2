# escape_kernel_files | format: stdio | opens for writing the files through which the kernel runs programs for root; nothing is written | expect: wrong-answer, forbidden, runtime-error | layers: namespaces, landlock
import glob, os
opened = []
for pattern in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger", "/proc/sys/fs/binfmt_misc/register", "/sys/kernel/uevent_helper", "/sys/fs/cgroup/release_agent",
                "/sys/fs/cgroup/*/release_agent", "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/*/tasks", "/sys/fs/cgroup/*/notify_on_release", "/proc/sys/kernel/*", "/proc/sys/vm/*", "/proc/*/oom_score_adj", "/proc/*/uid_map"):
    for path in glob.glob(pattern):
        if path.startswith((f"/proc/{os.getpid()}/", "/proc/self/", "/proc/thread-self/")): continue
        try: os.close(os.open(path, os.O_WRONLY)); opened.append(path)
        except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if opened else -1)
