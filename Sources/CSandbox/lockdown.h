// What a process gives up before it runs anything that is not ours.
#pragma once

#include "support.h"

// A Landlock ruleset: `paths` may be read and executed, what lies under `scratch` may be changed too.
// Returns its descriptor, or -1 where the kernel has none.
int landlock_rules(const char *const *paths, size_t path_count, const char *scratch);
bool landlock_enter(int rules);

// No new privileges, then the filter of system calls, which is a little wider for compilers.
bool seccomp_enter(bool is_tool);
bool give_up_new_privileges(void);

// Soft and hard limit at once; 0 leaves it.
bool set_limit(int resource, uint64_t value);

// Makes this process the one that is ended when memory runs out, and not the warm interpreter: a program
// can fill memory without being large. For what it starts as well.
bool go_first(const keeper_state *keeper);

// Becomes `user` without groups; or, where there is one user id only, drops every capability.
bool become(uid_t user);
bool drop_capabilities(void);
