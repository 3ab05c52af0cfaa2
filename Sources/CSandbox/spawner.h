// The process that starts what is in the control group. It has entered the group, which takes a while, once
// and for all; what it starts is there from the beginning, and is the keeper's child all the same.
#pragma once

#include "cell.h"
#include "support.h"

typedef struct {
  enum { SPAWN_COMMAND, SPAWN_ZYGOTE } kind;
  uid_t user;
  csandbox_job job;          // of a command
  char scratch[96];          // of a command: where it starts
  uint32_t argument_length;  // of a command: what follows, words each ended by NUL
  int fds[5];                // a command's input, output and errors; a zygote's control socket
  size_t fd_count;
  int cell;                  // the door into a command's cell, or -1
} spawn_order;

enum { MAXIMUM_SPAWN_ARGUMENTS = 32 << 10 };

// Starts a process. Returns its process id, or -1; then the spawner is started anew for the next one.
pid_t spawn(keeper_state *keeper, const spawn_order *order, const char *arguments);

// Starts the spawner, if there is none. False where the control group cannot be entered.
bool spawner_start(keeper_state *keeper);
void spawner_stop(keeper_state *keeper);
