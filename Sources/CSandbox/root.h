// The file system inside: read-only, made of a few folders of the machine, with one place to write.
#pragma once

#include "support.h"

// Where a cell mounts its scratch. A rule of Landlock counts for what lies below a folder, mounts
// included, but not for the mount point itself: hence a folder around it.
#define SCRATCH_PARENT "/box"
#define SCRATCH "/box/tmp"

// Builds the root in a mount namespace of our own and moves into it. False, with the reason in
// `message`, where the kernel refuses.
bool root_enter(const char *const *paths, size_t path_count, char *message, size_t length);

// Mounts a fresh scratch for `bytes` bytes; to be called in a cell.
bool scratch_mount(uint64_t bytes);

// Without mount namespaces: empties a folder whatever lies in it. Follows no link, and its depth of
// calls is constant however deep the folders are.
bool scratch_empty(const char *folder);
