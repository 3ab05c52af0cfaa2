// A control group for one keeper and everything it starts: memory and number of processes together.
#pragma once

#include "support.h"

typedef struct {
  char folders[2][128];  // version 1 has one a controller, version 2 one for both
  size_t count;
  int memory_limit;   // the file that holds the limit, or -1
  int memory_events;  // the file that counts what was killed for memory, or -1
} control_group;

// Makes a group named after this process and joins it. False, and nothing left, where it cannot.
bool control_group_join(control_group *group, unsigned processes);
// Empty groups that ended keepers left behind, and this one.
void control_group_sweep(void);
// `member`: a process that waits for this and must leave the group first, or 0.
void control_group_remove(control_group *group, pid_t member);
// The number of processes that were killed for memory so far.
uint64_t control_group_kills(int events);
