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

static char *const environment[] = {
    "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/tmp", "TMPDIR=/tmp", NULL};

enum { MAXIMUM_ARGUMENTS = 256 };

static _Noreturn void become_command(const keeper_state *keeper, const cell *cell,
                                     const csandbox_job *job, const char *arguments, uid_t user,
                                     const int *fds) {
  char *list[MAXIMUM_ARGUMENTS + 1];
  size_t count = 0;
  const char *end = arguments + job->arguments_length;
  for (const char *at = arguments; at < end && count < MAXIMUM_ARGUMENTS; at += strlen(at) + 1)
    list[count++] = (char *)at;
  list[count] = NULL;
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

pid_t command_start(const keeper_state *keeper, const cell *cell, const csandbox_job *job,
                    const char *arguments, uid_t user, const int *fds) {
  // A process can put its children into a process namespace, not itself: one in between does so, and
  // makes the command our child, not its own.
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  pid_t between = clone_process(0);
  if (between == 0) {
    pid_t command = cell_enter(cell, keeper) ? clone_process(CLONE_PARENT) : -1;
    if (command == 0) become_command(keeper, cell, job, arguments, user, fds);
    int32_t answer = command;
    write_all(ends[1], &answer, sizeof answer);
    _exit(0);
  }
  close(ends[1]);
  int32_t command = -1;
  if (between < 0 || !read_all(ends[0], &command, sizeof command)) command = -1;
  close(ends[0]);
  if (between > 0) waitpid(between, NULL, 0);
  return command;
}
