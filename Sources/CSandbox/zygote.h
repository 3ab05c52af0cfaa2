// The warm interpreter: started once, never runs a program, forks a child for each.
#pragma once

#include "cell.h"
#include "support.h"

typedef struct {
  pid_t process;  // 0: not started
  int control;
} zygote;

bool zygote_start(zygote *zygote, keeper_state *keeper, char *message, size_t length);
void zygote_stop(zygote *zygote);

// Forks a child for a job into a cell. `fds`: standard input, output, errors, job, results and, if
// `has_link`, the link. Returns its process id, or -1 with the zygote stopped.
pid_t zygote_fork(zygote *zygote, const keeper_state *keeper, const cell *cell,
                  const csandbox_job *job, uid_t user, const int *fds, bool has_link,
                  char *message, size_t length);

// Waits for a child that has ended.
bool zygote_reap(zygote *zygote, pid_t child, int *status, double *cpu_seconds,
                 uint64_t *peak_bytes);

// In the new process: becomes the warm interpreter.
_Noreturn void become_zygote(const keeper_state *keeper, int control);
