#define _GNU_SOURCE
#include "lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

bool give_up_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0; }

bool set_limit(int resource, uint64_t value) {
  if (value == 0) return true;
  struct rlimit limit = {value, value};
  return setrlimit(resource, &limit) == 0;
}

bool drop_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0}, {0}};
  return syscall(SYS_capset, &header, none) == 0;
}

bool go_first(const keeper_state *keeper) {
  if (keeper->processes < 0) return true;
  int file = openat(keeper->processes, "self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  bool is_written = file >= 0 && write(file, "1000", 4) == 4;
  close_fd(&file);
  return is_written;
}

bool become(uid_t user) {
  if (user == 0) return true;
  return syscall(SYS_setgroups, 0, NULL) == 0 && syscall(SYS_setresgid, user, user, user) == 0
         && syscall(SYS_setresuid, user, user, user) == 0;
}

// MARK: - Landlock (the kernel's headers may be older than the kernel)

struct landlock_ruleset_attributes {
  uint64_t files, network, scopes;
};
struct landlock_path {
  uint64_t allowed;
  int32_t parent;
} __attribute__((packed));

enum {
  FILE_EXECUTE = 1 << 0,
  FILE_WRITE = 1 << 1,
  FILE_READ = 1 << 2,
  FILE_READ_FOLDER = 1 << 3,
  FILE_IOCTL_DEVICE = 1 << 15,
};

// What each version of Landlock knows: 1 files, 2 moves, 3 truncation, 4 TCP, 5 ioctl, 6 scopes.
static uint64_t known_file_rights(long version) {
  return version >= 5 ? (1 << 16) - 1 : version >= 3 ? (1 << 15) - 1 : version == 2 ? (1 << 14) - 1
                                                                                     : (1 << 13) - 1;
}

static void allow(int rules, const char *path, uint64_t rights) {
  int folder = open(path, O_PATH | O_CLOEXEC);
  if (folder < 0) return;  // a folder that is not there needs no rule
  struct stat status;
  if (fstat(folder, &status) == 0 && !S_ISDIR(status.st_mode))
    rights &= FILE_EXECUTE | FILE_WRITE | FILE_READ | FILE_IOCTL_DEVICE | (1 << 14);
  struct landlock_path rule = {rights, folder};
  syscall(SYS_landlock_add_rule, rules, 1, &rule, 0);
  close(folder);
}

int landlock_rules(const char *const *paths, size_t path_count, const char *scratch) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
  if (version < 1) return -1;
  uint64_t files = known_file_rights(version);
  struct landlock_ruleset_attributes attributes = {
      files, version >= 4 ? 3 : 0, version >= 6 ? 3 : 0};
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
  if (rules < 0) return -1;
  for (size_t i = 0; i < path_count; i++)
    allow(rules, paths[i], FILE_EXECUTE | FILE_READ | FILE_READ_FOLDER);
  if (scratch) {
    // Everything but devices: making them needs a capability, using them a mount that has them.
    uint64_t devices = (1 << 6) | (1 << 11) | FILE_IOCTL_DEVICE;
    allow(rules, scratch, files & ~devices);
  }
  static const char *const devices[] = {
      "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
  for (size_t i = 0; i < COUNT_OF(devices); i++) allow(rules, devices[i], FILE_READ | FILE_WRITE);
  return rules;
}

bool landlock_enter(int rules) {
  return syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

// MARK: - seccomp

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#else
#define MACHINE 0
#endif

// Calls that no solution of a programming problem needs. They end the process with SIGSYS, so that
// they are seen and counted. What is harmless without privileges is not listed (setresuid, for one:
// the warm interpreter needs it).
static const int forbidden[] = {
    // other processes' memory and state
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, 438 /* pidfd_getfd */,
    440 /* process_madvise */,
    // large and often broken interfaces of the kernel
    425, 426, 427 /* io_uring */, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl,
    SYS_add_key, SYS_request_key, 447 /* memfd_secret */, SYS_fanotify_init,
    // mounts and namespaces
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, 428, 429, 430, 431, 432, 433,
    442, 443 /* the newer mount and quota calls */, SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_quotactl,
    SYS_swapon, SYS_swapoff, SYS_acct,
    // the machine itself
    SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot,
    SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime, SYS_sethostname,
    SYS_setdomainname, SYS_syslog, SYS_vhangup, SYS_nfsservctl,
#if defined(__x86_64__)
    SYS_kexec_file_load, SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_lookup_dcookie,
    SYS_create_module, SYS_sysfs, SYS__sysctl,
#endif
    // programs that are not files of the read-only root
    SYS_execveat,
    // things that outlive a process
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_semget, SYS_msgget, SYS_mq_open,
};

// Calls that are refused as if the kernel did not have them: libraries try them and go on without.
static const int missing[] = {
    SYS_memfd_create, 435 /* clone3: its flags cannot be seen */,
    SYS_sched_setaffinity /* a keeper and its programs have one processor */};

enum { FILTER_CAPACITY = 512 };

typedef struct {
  struct sock_filter code[FILTER_CAPACITY];
  unsigned short count;
} filter;

static void add(filter *filter, uint16_t code, uint8_t yes, uint8_t no, uint32_t value) {
  if (filter->count < FILTER_CAPACITY)
    filter->code[filter->count++] = (struct sock_filter){code, yes, no, value};
}

#define LOAD (BPF_LD | BPF_W | BPF_ABS)
#define IS (BPF_JMP | BPF_JEQ | BPF_K)
#define HAS (BPF_JMP | BPF_JSET | BPF_K)
#define AT_LEAST (BPF_JMP | BPF_JGE | BPF_K)
#define RETURN (BPF_RET | BPF_K)
#define NUMBER offsetof(struct seccomp_data, nr)
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + 8 * (n))

bool seccomp_enter(bool is_tool) {
  filter filter = {.count = 0};
  const uint32_t end = SECCOMP_RET_KILL_PROCESS, refuse = SECCOMP_RET_ERRNO;
  add(&filter, LOAD, 0, 0, offsetof(struct seccomp_data, arch));
  add(&filter, IS, 1, 0, MACHINE);
  add(&filter, RETURN, 0, 0, end);  // 32-bit calls have other numbers
  add(&filter, LOAD, 0, 0, NUMBER);
#if defined(__x86_64__)
  add(&filter, AT_LEAST, 0, 1, 0x40000000);  // and so have those of x32
  add(&filter, RETURN, 0, 0, end);
#endif
  for (size_t i = 0; i < COUNT_OF(forbidden); i++) {
    add(&filter, IS, 0, 1, (uint32_t)forbidden[i]);
    add(&filter, RETURN, 0, 0, end);
  }
  for (size_t i = 0; i < COUNT_OF(missing); i++) {
    add(&filter, IS, 0, 1, (uint32_t)missing[i]);
    add(&filter, RETURN, 0, 0, refuse | ENOSYS);
  }
  // Sockets: pairs of Unix sockets are fine; looking for a name service is refused, anything else ends the process,
  // unless it is a compiler, some of which look for the name of the machine.
  add(&filter, IS, 0, 4, SYS_socket);
  add(&filter, LOAD, 0, 0, ARGUMENT(0));
  add(&filter, IS, 0, 1, AF_UNIX);
  add(&filter, RETURN, 0, 0, refuse | EACCES);
  add(&filter, RETURN, 0, 0, is_tool ? refuse | EACCES : end);
  add(&filter, IS, 0, 4, SYS_socketpair);
  add(&filter, LOAD, 0, 0, ARGUMENT(0));
  add(&filter, IS, 0, 1, AF_UNIX);
  add(&filter, RETURN, 0, 0, SECCOMP_RET_ALLOW);
  add(&filter, RETURN, 0, 0, end);
  // New namespaces through clone.
  add(&filter, IS, 0, 4, SYS_clone);
  add(&filter, LOAD, 0, 0, ARGUMENT(0));
  add(&filter, HAS, 0, 1, 0x7E020000);
  add(&filter, RETURN, 0, 0, end);
  add(&filter, RETURN, 0, 0, SECCOMP_RET_ALLOW);
  // Another execution domain; asking for the present one is common.
  add(&filter, IS, 0, 4, SYS_personality);
  add(&filter, LOAD, 0, 0, ARGUMENT(0));
  add(&filter, IS, 1, 0, 0xFFFFFFFF);
  add(&filter, RETURN, 0, 0, end);
  add(&filter, RETURN, 0, 0, SECCOMP_RET_ALLOW);
  // Typing on a terminal.
  add(&filter, IS, 0, 5, SYS_ioctl);
  add(&filter, LOAD, 0, 0, ARGUMENT(1));
  add(&filter, IS, 1, 0, TIOCSTI);
  add(&filter, IS, 0, 1, 0x541C /* TIOCLINUX */);
  add(&filter, RETURN, 0, 0, end);
  add(&filter, RETURN, 0, 0, SECCOMP_RET_ALLOW);
  add(&filter, RETURN, 0, 0, SECCOMP_RET_ALLOW);
  if (MACHINE == 0 || filter.count == FILTER_CAPACITY || !give_up_new_privileges()) return false;
  struct sock_fprog program = {filter.count, filter.code};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
