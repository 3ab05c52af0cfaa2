// The process that stays outside: it writes the user namespace's maps while the keeper cannot, and
// removes what a keeper leaves, however the keeper ends.
#pragma once

#include "cgroup.h"
#include "support.h"

typedef struct {
  pid_t process;
  int orders, answers;
} janitor;

bool janitor_start(janitor *janitor, const keeper_state *keeper);
// Maps `count` user ids from `outside` on to 0, 1, ... in the namespace of this process.
bool janitor_map(janitor *janitor, uid_t outside, unsigned count);
void janitor_remember(janitor *janitor, const control_group *group);
// Lets it clean up, and waits.
void janitor_finish(janitor *janitor);
