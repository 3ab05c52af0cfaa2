// Programs that are executed: compilers, and what they make.
#pragma once

#include "cell.h"
#include "support.h"

// Starts a command in a cell as a child of this process. `fds`: standard input, output and errors.
// Returns its process id, or -1.
pid_t command_start(keeper_state *keeper, const cell *cell, const csandbox_job *job,
                    const char *arguments, uid_t user, const int *fds);

// In the new process: becomes the command.
_Noreturn void become_command(const keeper_state *keeper, const cell *cell, const csandbox_job *job,
                              const char *arguments, uid_t user, const int *fds);
