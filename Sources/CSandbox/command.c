#define _GNU_SOURCE
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lockdown.h"
#include "spawner.h"

static char *const environment[] = {
    "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/tmp", "TMPDIR=/tmp", NULL};

enum { MAXIMUM_ARGUMENTS = 256 };

_Noreturn void become_command(const keeper_state *keeper, const cell *cell, const csandbox_job *job,
                              const char *arguments, uid_t user, const int *fds) {
  char *list[MAXIMUM_ARGUMENTS + 1];
  size_t count = 0;
  const char *end = arguments + job->arguments_length;
  for (const char *at = arguments; at < end && count < MAXIMUM_ARGUMENTS; at += strlen(at) + 1)
    list[count++] = (char *)at;
  list[count] = NULL;
  if (!go_first(keeper) || !cell_enter(cell, keeper)) _exit(107);
  if (count == 0 || !give_up_new_privileges()) _exit(101);
  if ((keeper->layers & CSANDBOX_LANDLOCK) && !landlock_enter(keeper->landlock)) _exit(102);
  signal(SIGPIPE, SIG_DFL);
  for (int i = 0; i < 3; i++) dup2(fds[i], i);
  close_from(3);
  if (chdir(cell->scratch) != 0) _exit(105);
  if (keeper->layers & CSANDBOX_LIMITS) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_MSGQUEUE, &none);
    setrlimit(RLIMIT_MEMLOCK, &none);
    set_limit(RLIMIT_STACK, 64 << 20);
    set_limit(RLIMIT_AS, job->memory_bytes);
    set_limit(RLIMIT_CPU, (uint64_t)ceil(job->cpu_seconds) + 1);
    set_limit(RLIMIT_FSIZE, job->file_bytes);
    set_limit(RLIMIT_NPROC, job->processes);
    set_limit(RLIMIT_NOFILE, job->open_files);
  }
  if (!become(user) || (keeper->drops_capabilities && !drop_capabilities())) _exit(106);
  // What leaves a file to collect is a compiler.
  if ((keeper->layers & CSANDBOX_SECCOMP) && !seccomp_enter(job->collect_length > 0)) _exit(103);
  execve(list[0], list, environment);
  _exit(errno == ENOENT ? 127 : 126);
}

pid_t command_start(keeper_state *keeper, const cell *cell, const csandbox_job *job,
                    const char *arguments, uid_t user, const int *fds) {
  spawn_order order = {.kind = SPAWN_COMMAND, .user = user, .job = *job, .cell = cell->pidfd,
                       .argument_length = (uint32_t)job->arguments_length, .fd_count = 3};
  memcpy(order.scratch, cell->scratch, sizeof order.scratch);
  memcpy(order.fds, fds, 3 * sizeof *fds);
  return spawn(keeper, &order, arguments);
}
