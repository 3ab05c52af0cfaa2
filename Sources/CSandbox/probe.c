#define _GNU_SOURCE
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "lockdown.h"

// What a probe may look at.
typedef struct {
  pid_t prober;
  uid_t user;
  struct sockaddr_in listener;  // a port of this machine that accepts
  key_t queue;                  // a message queue that exists
} surroundings;

// An ordinary user needs a user namespace before any other.
static bool may_unshare(void) { return geteuid() == 0 || unshare(CLONE_NEWUSER) == 0; }

// Forks until refused, and lets the children go; the number that could be had, at most `most`.
enum { MOST_FORKS = 8 };
static int fork_until_refused(void) {
  pid_t children[MOST_FORKS];
  int count = 0;
  for (; count < MOST_FORKS; count++) {
    children[count] = fork();
    if (children[count] < 0) break;
    if (children[count] == 0) {
      pause();
      _exit(0);
    }
  }
  for (int i = 0; i < count; i++) {
    kill(children[i], SIGKILL);
    waitpid(children[i], NULL, 0);
  }
  return count;
}

static bool user_works(const surroundings *around) {
  (void)around;
  if (unshare(CLONE_NEWUSER) != 0) return false;
  // Root inside, so a mount namespace can be had; nobody outside, so no place before all others.
  const struct sched_param first = {.sched_priority = 1};
  bool is_powerless = sched_setscheduler(0, SCHED_FIFO, &first) != 0;
  return is_powerless && unshare(CLONE_NEWNS) == 0;
}

static bool mount_works(const surroundings *around) {
  (void)around;
  if (!may_unshare() || unshare(CLONE_NEWNS) != 0) return false;
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return false;
  if (mount("hone", "/usr", "tmpfs", 0, "size=64k") != 0) return false;
  return access("/usr/bin", F_OK) != 0;
}

static bool pid_works(const surroundings *around) {
  if (!may_unshare() || unshare(CLONE_NEWPID) != 0) return false;
  pid_t child = fork();
  if (child == 0) _exit(getpid() == 1 && kill(around->prober, 0) != 0 && errno == ESRCH ? 0 : 1);
  int status;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool net_works(const surroundings *around) {
  if (around->listener.sin_port == 0 || !may_unshare() || unshare(CLONE_NEWNET) != 0) return false;
  int probe = socket(AF_INET, SOCK_STREAM, 0);
  return connect(probe, (const struct sockaddr *)&around->listener, sizeof around->listener) != 0;
}

static bool ipc_works(const surroundings *around) {
  if (msgget(around->queue, 0) < 0 || !may_unshare() || unshare(CLONE_NEWIPC) != 0) return false;
  return msgget(around->queue, 0) < 0;
}

static bool landlock_works(const surroundings *around) {
  (void)around;
  const char *const none[] = {"/nonexistent"};
  int rules = landlock_rules(none, 1, NULL);
  if (rules < 0 || !give_up_new_privileges() || !landlock_enter(rules)) return false;
  int file = open("/proc/self/status", O_RDONLY);
  return file < 0 && errno == EACCES;
}

static bool seccomp_works(const surroundings *around) {
  (void)around;
  pid_t child = fork();
  if (child == 0) {
    if (seccomp_enter(false)) ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    _exit(0);
  }
  int status;
  return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status)
         && WTERMSIG(status) == SIGSYS;
}

static bool uid_works(const surroundings *around) {
  if (geteuid() != 0 || around->user == 0 || !become(around->user)) return false;
  if (kill(around->prober, 0) == 0 || errno != EPERM) return false;
  return set_limit(RLIMIT_NPROC, 4) && fork_until_refused() < MOST_FORKS;
}

static bool limits_work(const surroundings *around) {
  (void)around;
  if (!set_limit(RLIMIT_AS, 1 << 20) || !set_limit(RLIMIT_NOFILE, 8)) return false;
  void *memory = mmap(NULL, 64 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int last = 0;
  for (int i = 0; i < 16 && last >= 0; i++) last = dup(0);
  return memory == MAP_FAILED && last < 0;
}

static bool cgroup_works(const surroundings *around) {
  (void)around;
  control_group group;
  if (!control_group_make(&group, 4) || !control_group_enter(group.doors)) return false;
  if (fork_until_refused() >= MOST_FORKS) return false;
  const size_t limit = 24 << 20;
  char number[32];
  int length = snprintf(number, sizeof number, "%zu", limit);
  if (write(group.memory_limit, number, (size_t)length) != length) return false;
  pid_t child = fork();
  if (child == 0) {
    char *memory = mmap(NULL, 2 * limit, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED)
      for (size_t i = 0; i < 2 * limit; i += 4096) ((volatile char *)memory)[i] = 1;
    _exit(0);
  }
  int status;
  return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status);
}

typedef struct {
  uint32_t layer;
  bool (*works)(const surroundings *);
} layer_probe;

static const layer_probe probes[] = {
    {CSANDBOX_USER, user_works},         {CSANDBOX_MOUNT, mount_works},
    {CSANDBOX_PID, pid_works},           {CSANDBOX_NET, net_works},
    {CSANDBOX_IPC, ipc_works},           {CSANDBOX_LANDLOCK, landlock_works},
    {CSANDBOX_SECCOMP, seccomp_works},   {CSANDBOX_UID, uid_works},
    {CSANDBOX_LIMITS, limits_work},      {CSANDBOX_CGROUP, cgroup_works},
};

static bool try_probe(const layer_probe *probe, const surroundings *around) {
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(5);
    _exit(probe->works(around) ? 0 : 1);
  }
  int status;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

uint32_t probe_layers(uint32_t wanted, uid_t user) {
  surroundings around = {.prober = getpid(), .user = user, .queue = 0x484F4E45 ^ getpid()};
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0
      && listen(listener, 4) == 0
      && getsockname(listener, (struct sockaddr *)&address, &length) == 0)
    around.listener = address;
  int queue = msgget(around.queue, IPC_CREAT | 0600);
  uint32_t found = 0;
  for (size_t i = 0; i < COUNT_OF(probes); i++)
    if ((wanted & probes[i].layer) && try_probe(&probes[i], &around)) found |= probes[i].layer;
  if (queue >= 0) msgctl(queue, IPC_RMID, NULL);
  if (listener >= 0) close(listener);
  if (wanted & CSANDBOX_CGROUP) control_group_sweep();
  return found;
}
