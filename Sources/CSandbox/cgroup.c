#define _GNU_SOURCE
#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "hone-keeper-"

// Where the controllers may be: version 2 at its usual place, version 1 a folder each.
static const char *const unified[] = {"/sys/fs/cgroup"};
static const char *const separate[] = {"/sys/fs/cgroup/pids", "/sys/fs/cgroup/memory"};

static bool write_file(const char *folder, const char *name, const char *text) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  bool is_written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
  close(file);
  return is_written;
}

static int open_file(const char *folder, const char *name, int flags) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return open(path, flags | O_CLOEXEC);
}

static bool make(control_group *group, const char *parent) {
  char *folder = group->folders[group->count];
  snprintf(folder, sizeof group->folders[0], "%s/" PREFIX "%d", parent, (int)getpid());
  rmdir(folder);
  if (mkdir(folder, 0700) != 0) return false;
  group->count++;
  return true;
}

static bool make_unified(control_group *group, const char *processes) {
  if (access("/sys/fs/cgroup/cgroup.controllers", F_OK) != 0 || !make(group, unified[0]))
    return false;
  const char *folder = group->folders[0];
  group->memory_limit = open_file(folder, "memory.max", O_WRONLY);
  group->memory_events = open_file(folder, "memory.events", O_RDONLY);
  group->doors[0] = open_file(folder, "cgroup.procs", O_WRONLY);
  return group->memory_limit >= 0 && group->doors[0] >= 0
         && write_file(folder, "pids.max", processes);
}

static bool make_separate(control_group *group, const char *processes) {
  for (size_t i = 0; i < COUNT_OF(separate); i++) {
    if (access(separate[i], F_OK) != 0 || !make(group, separate[i])) return false;
    group->doors[i] = open_file(group->folders[i], "cgroup.procs", O_WRONLY);
    if (group->doors[i] < 0) return false;
  }
  group->memory_limit = open_file(group->folders[1], "memory.limit_in_bytes", O_WRONLY);
  group->memory_events = open_file(group->folders[1], "memory.oom_control", O_RDONLY);
  return group->memory_limit >= 0 && write_file(group->folders[0], "pids.max", processes);
}

bool control_group_make(control_group *group, unsigned processes) {
  *group = (control_group){.doors = {-1, -1}, .memory_limit = -1, .memory_events = -1};
  char number[16];
  snprintf(number, sizeof number, "%u", processes);
  if (make_unified(group, number)) return true;
  control_group_remove(group);
  if (make_separate(group, number)) return true;
  control_group_remove(group);
  return false;
}

bool control_group_enter(const int doors[2]) {
  for (size_t i = 0; i < 2; i++)
    if (doors[i] >= 0 && write(doors[i], "0", 1) != 1) return false;
  return true;
}

void control_group_remove(control_group *group) {
  // The last process may still be on its way out.
  for (size_t i = 0; i < group->count; i++)
    for (int attempt = 0; attempt < 200 && rmdir(group->folders[i]) != 0; attempt++) usleep(5000);
  group->count = 0;
  close_fd(&group->memory_limit);
  close_fd(&group->memory_events);
  for (size_t i = 0; i < COUNT_OF(group->doors); i++) close_fd(&group->doors[i]);
}

static void sweep(const char *parent) {
  DIR *folder = opendir(parent);
  if (!folder) return;
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0) continue;
    // Refused while anybody is in it; but a keeper that lives may have nobody in its own yet.
    int keeper = atoi(entry->d_name + strlen(PREFIX));
    if (keeper > 0 && kill(keeper, 0) != 0 && errno == ESRCH)
      unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
  }
  closedir(folder);
}

void control_group_sweep(void) {
  for (size_t i = 0; i < COUNT_OF(unified); i++) sweep(unified[i]);
  for (size_t i = 0; i < COUNT_OF(separate); i++) sweep(separate[i]);
}

uint64_t control_group_kills(int events) {
  char text[512];
  ssize_t length = events < 0 ? -1 : pread(events, text, sizeof text - 1, 0);
  if (length <= 0) return 0;
  text[length] = 0;
  const char *found = strstr(text, "oom_kill ");
  return found ? strtoull(found + strlen("oom_kill "), NULL, 10) : 0;
}
