// A control group for what one keeper starts: memory and number of processes of all of it together. The
// keeper stays outside. What programs have filled outlives them for a moment, and whoever asks for memory
// then is ended for it.
#pragma once

#include "support.h"

typedef struct {
  char folders[2][128];  // version 1 has one a controller, version 2 one for both
  size_t count;
  int doors[2];       // who writes to them comes in; -1 where there is none
  int memory_limit;   // the file that holds the limit, or -1
  int memory_events;  // the file that counts what was killed for memory, or -1
} control_group;

// Makes a group named after this process. False, and nothing left, where it cannot.
bool control_group_make(control_group *group, unsigned processes);
// Enters a group by its doors: this process, and what it starts from then on.
bool control_group_enter(const int doors[2]);
// Empty groups that ended keepers left behind, and this one.
void control_group_sweep(void);
void control_group_remove(control_group *group);
// The number of processes that were killed for memory so far.
uint64_t control_group_kills(int events);
