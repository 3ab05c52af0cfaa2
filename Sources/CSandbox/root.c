#define _GNU_SOURCE
#include "root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// What interpreters and compilers need. No /proc: it shows other processes, and memory through files.
static const char *const usual[] = {
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives",
    "/etc/ld.so.cache", "/nix/store",
};
static const char *const devices[] = {
    "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};

static bool make_parents(const char *base, const char *path) {
  char full[PATH_MAX];
  if (snprintf(full, sizeof full, "%s%s", base, path) >= (int)sizeof full) return false;
  for (char *at = full + strlen(base) + 1; *at; at++) {
    if (*at != '/') continue;
    *at = 0;
    if (mkdir(full, 0755) != 0 && errno != EEXIST) return false;
    *at = '/';
  }
  return true;
}

// A mount of its own may be restricted further than the file system that it shows.
static bool make_read_only(const char *target, bool has_devices) {
  struct {
    uint64_t set, clear, propagation, user_namespace;
  } attributes = {.set = 1 /* read-only */ | 2 /* no suid */ | (has_devices ? 0 : 4)};
  if (syscall(442 /* mount_setattr */, AT_FDCWD, target, 0x8000 /* recursive */, &attributes,
              sizeof attributes) == 0)
    return true;
  unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | (has_devices ? 0 : MS_NODEV);
  return mount(NULL, target, NULL, flags, NULL) == 0;
}

// Shows what the descriptor `source` stands for at `base` + `path`.
static bool show(int source, const char *base, const char *path, bool is_device) {
  char target[PATH_MAX], from[64];
  struct stat status;
  if (snprintf(target, sizeof target, "%s%s", base, path) >= (int)sizeof target) return false;
  if (!make_parents(base, path) || fstat(source, &status) != 0) return false;
  struct stat existing;
  if (lstat(target, &existing) == 0) return true;  // below something that is shown already
  if (S_ISDIR(status.st_mode)) {
    if (mkdir(target, 0755) != 0) return false;
  } else {
    int file = open(target, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
    if (file < 0) return false;
    close(file);
  }
  snprintf(from, sizeof from, "/proc/self/fd/%d", source);
  return mount(from, target, NULL, MS_BIND | MS_REC, NULL) == 0
         && make_read_only(target, is_device);
}

static bool show_path(const char *base, const char *path, int source) {
  struct stat status;
  if (lstat(path, &status) != 0) return true;  // not on this machine
  if (S_ISLNK(status.st_mode)) {
    char target[PATH_MAX], link[PATH_MAX];
    ssize_t length = readlink(path, link, sizeof link - 1);
    if (length < 0 || snprintf(target, sizeof target, "%s%s", base, path) >= (int)sizeof target)
      return false;
    link[length] = 0;
    return make_parents(base, path) && (symlink(link, target) == 0 || errno == EEXIST);
  }
  return source < 0 || show(source, base, path, false);
}

static bool fail(char *message, size_t length, const char *what) {
  snprintf(message, length, "%s: %s", what, strerror(errno));
  return false;
}

enum { MAXIMUM_PATHS = 64 };

bool root_enter(const char *const *paths, size_t path_count, char *message, size_t length) {
  const char *base = "/tmp", *all[MAXIMUM_PATHS];
  int sources[MAXIMUM_PATHS], device_sources[COUNT_OF(devices)];
  size_t count = 0;
  for (size_t i = 0; i < COUNT_OF(usual); i++) all[count++] = usual[i];
  for (size_t i = 0; i < path_count && count < MAXIMUM_PATHS; i++) all[count++] = paths[i];
  // Opened before the new root covers anything.
  for (size_t i = 0; i < count; i++) sources[i] = open(all[i], O_PATH | O_CLOEXEC);
  for (size_t i = 0; i < COUNT_OF(devices); i++)
    device_sources[i] = open(devices[i], O_PATH | O_CLOEXEC);

  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    return fail(message, length, "making mounts private");
  if (mount("hone", base, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m,nr_inodes=4k") != 0)
    return fail(message, length, "mounting a root");
  for (size_t i = 0; i < count; i++)
    if (!show_path(base, all[i], sources[i])) return fail(message, length, all[i]);
  for (size_t i = 0; i < COUNT_OF(devices); i++)
    if (device_sources[i] >= 0 && !show(device_sources[i], base, devices[i], true))
      return fail(message, length, devices[i]);
  for (size_t i = 0; i < count; i++) close_fd(&sources[i]);
  for (size_t i = 0; i < COUNT_OF(devices); i++) close_fd(&device_sources[i]);

  if (chdir(base) != 0 || mkdir("box", 0755) != 0 || mkdir("box/tmp", 0755) != 0
      || symlink("box/tmp", "tmp") != 0)
    return fail(message, length, "making the scratch's folder");
  if (syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0)
    return fail(message, length, "moving into the new root");
  unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV;
  if (mount(NULL, "/", NULL, flags, NULL) != 0)
    return fail(message, length, "making the root read-only");
  return true;
}

bool scratch_mount(uint64_t bytes) {
  char options[96];
  snprintf(options, sizeof options, "mode=777,size=%llu,nr_inodes=4096",
           (unsigned long long)bytes);
  return mount("hone", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

// MARK: - Emptying a real folder

// Removes what can be removed of one folder and moves its folders up to `top`, so that no path gets
// longer than two names. Tells whether anything was left to do.
static bool flatten(int top, int folder, unsigned *serial) {
  bool found = false;
  int copy = dup(folder);
  DIR *entries = copy < 0 ? NULL : fdopendir(copy);
  if (!entries) {
    close_fd(&copy);
    return false;
  }
  rewinddir(entries);
  for (struct dirent *entry; (entry = readdir(entries));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (unlinkat(folder, entry->d_name, 0) == 0) continue;
    if (unlinkat(folder, entry->d_name, AT_REMOVEDIR) == 0) continue;
    char name[32];
    int inner = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inner >= 0) fchmod(inner, 0700);
    close_fd(&inner);
    snprintf(name, sizeof name, ".hone-%u", (*serial)++);
    if (folder != top) renameat(folder, entry->d_name, top, name);
    found = true;
  }
  closedir(entries);
  return found;
}

bool scratch_empty(const char *path) {
  int top = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (top < 0) return false;
  unsigned serial = 0;
  bool is_empty = false;
  for (int round = 0; round < 1 << 20 && !is_empty; round++) {
    is_empty = true;
    int copy = dup(top);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    if (!entries) break;
    rewinddir(entries);
    for (struct dirent *entry; (entry = readdir(entries));) {
      if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
      is_empty = false;
      if (unlinkat(top, entry->d_name, 0) == 0) continue;
      int inner = openat(top, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (inner < 0) continue;
      fchmod(inner, 0700);
      flatten(top, inner, &serial);
      close_fd(&inner);
      unlinkat(top, entry->d_name, AT_REMOVEDIR);
    }
    closedir(entries);
  }
  close_fd(&top);
  return is_empty;
}
