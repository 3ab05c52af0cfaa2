#define _GNU_SOURCE
#include "zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockdown.h"
#include "spawner.h"

// The protocol is described in zygote.py, which is the other end.
enum { IN_CELL = 1, HAS_LINK = 2, CHANGES_USER = 4, DROPS_CAPABILITIES = 8, ENTERS_LANDLOCK = 16,
       FILES = 32, QUEUES = 64, PROCESSES = 128, GOES_FIRST = 256 };

typedef struct {
  uint8_t kind;
  uint16_t flags;
  uint32_t user, group;
  uint64_t memory_bytes, cpu_seconds, file_bytes, processes, open_files;
} __attribute__((packed)) fork_message;

typedef struct {
  uint8_t kind;
  int32_t process, status;
  uint64_t cpu_microseconds, peak_kibibytes;
} __attribute__((packed)) reaped_message;

static char *const environment[] = {
    "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent", "PYTHONHASHSEED=0",
    // Symbols that are looked up late are looked up again in every child.
    "LD_BIND_NOW=1",
    // Columns of instructions are a large part of code, for marks in tracebacks that nobody sees.
    "PYTHONNODEBUGRANGES=1", NULL};

static bool fail(char *message, size_t length, const char *what) {
  snprintf(message, length, "the warm interpreter %s", what);
  return false;
}

_Noreturn void become_zygote(const keeper_state *keeper, int control) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!give_up_new_privileges()) _exit(101);
  int null = open("/dev/null", O_RDWR);
  // What stays gets its number by way of one that nobody uses: the control socket, the door back into
  // the keeper's namespaces, the rules of Landlock, the driver, the machine's /proc. A child enters Landlock,
  // not the zygote: from inside it could not enter cells.
  int door = fcntl(keeper->self, F_DUPFD, 16), rules = fcntl(keeper->landlock, F_DUPFD, 16);
  int machine = fcntl(keeper->processes, F_DUPFD, 16);
  control = fcntl(control, F_DUPFD, 16);
  int driver = fcntl(keeper->driver, F_DUPFD, 16);
  dup2(null, 0);
  dup2(null, 1);
  dup2(null, 2);
  dup2(control, 3);
  dup2(door >= 0 ? door : null, 4);
  dup2(rules >= 0 ? rules : null, 5);
  dup2(driver, 6);
  lseek(6, 0, SEEK_SET);
  dup2(machine >= 0 ? machine : null, 7);
  close_from(8);
  if (keeper->layers & CSANDBOX_LIMITS) {
    struct rlimit stack = {8 << 20, 64 << 20};
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_STACK, &stack);
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_MSGQUEUE, &none);
    setrlimit(RLIMIT_MEMLOCK, &none);
  }
  if ((keeper->layers & CSANDBOX_SECCOMP) && !seccomp_enter(false)) _exit(103);
  execve(keeper->interpreter[0], keeper->interpreter, environment);
  _exit(104);
}

bool zygote_start(zygote *zygote, keeper_state *keeper, char *message, size_t length) {
  if (zygote->process > 0) return true;
  if (!keeper->interpreter || !keeper->interpreter[0]) return fail(message, length, "is missing");
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return fail(message, length, "cannot have a socket");
  spawn_order order = {.kind = SPAWN_ZYGOTE, .cell = -1, .fds = {ends[1]}, .fd_count = 1};
  zygote->process = spawn(keeper, &order, NULL);
  close(ends[1]);
  zygote->control = ends[0];
  char answer[64];  // `R` and the version, which nobody asks for
  ssize_t got = zygote->process > 0 ? receive_within(ends[0], answer, sizeof answer, 20000) : -1;
  if (got > 0 && answer[0] == 'R') return true;
  int status = 0;
  if (zygote->process > 0) {
    kill(zygote->process, SIGKILL);
    waitpid(zygote->process, &status, 0);
  }
  zygote->process = 0;
  close_fd(&zygote->control);
  snprintf(message, length, "the warm interpreter %s did not start (wait status %d)",
           keeper->interpreter[0], status);
  return false;
}

void zygote_stop(zygote *zygote) {
  if (zygote->process <= 0) return;
  kill(zygote->process, SIGKILL);
  waitpid(zygote->process, NULL, 0);
  close_fd(&zygote->control);
  zygote->process = 0;
}

pid_t zygote_fork(zygote *zygote, const keeper_state *keeper, const cell *cell,
                  const csandbox_job *job, uid_t user, const int *fds, bool has_link,
                  char *message, size_t length) {
  uint8_t packet[sizeof(fork_message) + sizeof cell->scratch];
  bool has_limits = keeper->layers & CSANDBOX_LIMITS;
  fork_message header = {
      .kind = 'F',
      .flags = (cell->pidfd >= 0 ? IN_CELL : 0) | (has_link ? HAS_LINK : 0)
               | (user ? CHANGES_USER : 0) | (keeper->drops_capabilities ? DROPS_CAPABILITIES : 0)
               | (keeper->landlock >= 0 ? ENTERS_LANDLOCK : 0)
               | (keeper->processes >= 0 && !job->is_judge ? GOES_FIRST : 0),
      .user = user,
      .group = user,
  };
  if (cell->pidfd >= 0)
    header.flags |= (keeper->layers & CSANDBOX_MOUNT ? FILES : 0)
                    | (keeper->layers & CSANDBOX_IPC ? QUEUES : 0)
                    | (keeper->layers & CSANDBOX_PID ? PROCESSES : 0);
  if (has_limits) {
    header.memory_bytes = job->memory_bytes;
    // A backstop: the keeper looks at the clock of the process itself.
    header.cpu_seconds = job->cpu_seconds > 0 ? (uint64_t)ceil(job->cpu_seconds) + 1 : 0;
    header.file_bytes = job->file_bytes;
    header.processes = job->processes;
    header.open_files = job->open_files;
  }
  memcpy(packet, &header, sizeof header);
  size_t folder = strlen(cell->scratch);
  memcpy(packet + sizeof header, cell->scratch, folder);
  int all[8];
  size_t count = 0;
  if (cell->pidfd >= 0) all[count++] = cell->pidfd;
  for (int i = 0; i < (has_link ? 6 : 5); i++) all[count++] = fds[i];
  char answer[256];
  ssize_t got = -1;
  if (send_message(zygote->control, packet, sizeof header + folder, all, count))
    got = receive_within(zygote->control, answer, sizeof answer - 1, 10000);
  if (got == 5 && answer[0] == 'P') {
    int32_t child;
    memcpy(&child, answer + 1, sizeof child);
    return child;
  }
  answer[got > 0 ? got : 0] = 0;
  snprintf(message, length, "the warm interpreter could not fork: %s",
           got > 0 ? answer + 1 : "no answer");
  zygote_stop(zygote);
  return -1;
}

bool zygote_reap(zygote *zygote, pid_t child, int *status, double *cpu_seconds,
                 uint64_t *peak_bytes) {
  uint8_t packet[5] = {'W'};
  int32_t process = child;
  memcpy(packet + 1, &process, sizeof process);
  reaped_message answer;
  if (zygote->process <= 0 || !send_message(zygote->control, packet, sizeof packet, NULL, 0)
      || receive_within(zygote->control, &answer, sizeof answer, 10000) != sizeof answer
      || answer.kind != 'S' || answer.process != process) {
    zygote_stop(zygote);
    return false;
  }
  *status = answer.status;
  *cpu_seconds = (double)answer.cpu_microseconds * 1e-6;
  *peak_bytes = answer.peak_kibibytes << 10;
  return true;
}
