// Which layers work on this machine, found out by their effect.
#pragma once

#include "support.h"

// Tries each of `wanted` in a child of its own; `user` is a user id that may be changed to, if we are
// root. A layer counts only where what it should prevent was prevented.
uint32_t probe_layers(uint32_t wanted, uid_t user);
