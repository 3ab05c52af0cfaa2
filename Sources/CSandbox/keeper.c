#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "janitor.h"
#include "lockdown.h"
#include "probe.h"
#include "root.h"
#include "spawner.h"
#include "supervise.h"

#define MARK "HONE_SANDBOX_KEEPER"
enum { CONTROL = 3, MAXIMUM_MESSAGE = 1 << 30 };

// MARK: - Starting one

int csandbox_start(int socket, pid_t *keeper) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  for (int fd = 0; fd < 3; fd++)
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&actions, socket, CONTROL);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  // A session of its own: no terminal, and no Ctrl-C that was meant for the grader.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
                                            | POSIX_SPAWN_SETSID);
  char *arguments[] = {"hone-keeper", NULL};
  // OpenBLAS must not start threads: a process with threads cannot enter a user namespace.
  char *environment[] = {MARK "=1", "OPENBLAS_NUM_THREADS=1", "PATH=/usr/bin:/bin", NULL, NULL};
  char library_path[4096];
  const char *libraries = getenv("LD_LIBRARY_PATH");
  if (libraries) {
    snprintf(library_path, sizeof library_path, "LD_LIBRARY_PATH=%s", libraries);
    environment[3] = library_path;
  }
  int error = posix_spawn(keeper, "/proc/self/exe", &actions, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

void csandbox_wait(pid_t keeper) {
  while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR) {}
}

// MARK: - Setting up

// Takes a number that no other keeper of the machine has. The lock is an abstract socket, which the kernel
// takes back when its holder ends, however it ends.
static bool take_number(const char *kind, unsigned long number, int *lock) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  int length = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "hone-sandbox-%s-%lu", kind, number);
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
  *lock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (*lock >= 0 && bind(*lock, (struct sockaddr *)&name, size) == 0) return true;
  close_fd(lock);
  return false;
}

// The first free group of user ids, or 0.
static uid_t take_users(int *lock) {
  if (geteuid() != 0) return 0;
  unsigned long first = 0, count = 0, unused;
  FILE *map = fopen("/proc/self/uid_map", "re");
  if (!map) return 0;
  int fields = fscanf(map, "%lu %lu %lu", &first, &unused, &count);
  fclose(map);
  if (fields != 3) return 0;
  // Far from anybody's, or, where only the usual 65536 are mapped, in a gap of systemd's list.
  unsigned long base = first + count > 2100000000ul ? 2000000000ul : 60600;
  for (unsigned slot = 0; slot < 140; slot++) {
    unsigned long user = base + 4 * slot;
    if (user + 3 >= first + count) break;
    if (take_number("users", user, lock)) return (uid_t)user;
  }
  return 0;
}

// A processor that no other keeper has taken, or -1. Of the processes that work on a case one waits for
// another, so that they lose nothing by sharing a processor and gain what would be lost on the way to
// another: a case takes a fifth less time.
static int take_processor(int *lock) {
  cpu_set_t allowed, chosen;
  int processors[CPU_SETSIZE], count = 0;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return -1;
  for (int processor = 0; processor < CPU_SETSIZE; processor++)
    if (CPU_ISSET(processor, &allowed)) processors[count++] = processor;
  // Locks are seen within a network namespace only. Keepers of other containers start elsewhere in the
  // list, by chance.
  for (int i = 0; i < count; i++) {
    int processor = processors[(i + getpid()) % count];
    if (!take_number("processor", (unsigned)processor, lock)) continue;
    CPU_ZERO(&chosen);
    CPU_SET(processor, &chosen);
    if (sched_setaffinity(0, sizeof chosen, &chosen) == 0) return processor;
    close_fd(lock);
  }
  return -1;
}

static bool fail(char *message, size_t length, const char *what) {
  snprintf(message, length, "%s: %s", what, strerror(errno));
  return false;
}

static bool write_own_map(uid_t user, gid_t group) {
  char text[64];
  int length = snprintf(text, sizeof text, "0 %u 1", user);
  int file = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
  bool is_fine = file >= 0 && write(file, text, (size_t)length) == length;
  close_fd(&file);
  file = open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);
  is_fine = is_fine && file >= 0 && write(file, "deny", 4) == 4;
  close_fd(&file);
  length = snprintf(text, sizeof text, "0 %u 1", group);
  file = open("/proc/self/gid_map", O_WRONLY | O_CLOEXEC);
  is_fine = is_fine && file >= 0 && write(file, text, (size_t)length) == length;
  close_fd(&file);
  return is_fine;
}

// An ordinary user's namespaces: the user namespace comes first and gives the right to the others.
static bool enter_user_namespace(keeper_state *keeper, janitor *janitor, bool is_root,
                                 char *message, size_t length) {
  uid_t user = getuid();
  gid_t group = getgid();
  if (unshare(CLONE_NEWUSER) != 0) return fail(message, length, "user namespace");
  // Our own /proc is out of sight by now, if we are root; who is not must write the map himself.
  bool is_mapped = is_root ? janitor_map(janitor, keeper->outside, keeper->outside ? 3 : 1)
                           : write_own_map(user, group);
  if (!is_mapped) return fail(message, length, "mapping user ids");
  if (!(is_root && keeper->outside)) {
    keeper->user = 0;
    keeper->drops_capabilities = true;
    return true;
  }
  // Root inside is the first of three ids that nobody has; programs and judges are the others.
  keeper->user = 1;
  if (setresgid(0, 0, 0) != 0 || setresuid(0, 0, 0) != 0)
    return fail(message, length, "becoming root of the user namespace");
  return true;
}

static bool enter_namespaces(keeper_state *keeper, janitor *janitor, char *message, size_t length) {
  bool is_root = geteuid() == 0;
  bool has_users = keeper->layers & CSANDBOX_USER;
  if (!is_root && has_users && !enter_user_namespace(keeper, janitor, false, message, length))
    return false;
  if (keeper->layers & CSANDBOX_MOUNT) {
    if (unshare(CLONE_NEWNS) != 0) return fail(message, length, "mount namespace");
    if (!root_enter(keeper->paths, keeper->path_count, message, length)) return false;
  }
  if (is_root && has_users && !enter_user_namespace(keeper, janitor, true, message, length))
    return false;
  // These belong to the user namespace, so that its root may leave cells for them again.
  int flags = (keeper->layers & CSANDBOX_MOUNT ? CLONE_NEWNS : 0)
              | (keeper->layers & CSANDBOX_NET ? CLONE_NEWNET | CLONE_NEWUTS : 0)
              | (keeper->layers & CSANDBOX_IPC ? CLONE_NEWIPC : 0)
              | (keeper->layers & CSANDBOX_PID ? CLONE_NEWPID : 0);
  if (flags && unshare(flags) != 0) return fail(message, length, "namespaces");
  return true;
}

static const char *const plain_paths[] = {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"};

static int make_landlock_rules(const keeper_state *keeper) {
  if (keeper->layers & CSANDBOX_MOUNT) {
    const char *const everything[] = {"/"};
    return landlock_rules(everything, 1, SCRATCH_PARENT);
  }
  const char *paths[COUNT_OF(plain_paths) + 64];
  size_t count = 0;
  for (size_t i = 0; i < COUNT_OF(plain_paths); i++) paths[count++] = plain_paths[i];
  for (size_t i = 0; i < keeper->path_count && i < 64; i++) paths[count++] = keeper->paths[i];
  return landlock_rules(paths, count, keeper->scratch);
}

// MARK: - Serving

static bool read_bytes(int fd, uint64_t count, uint8_t **bytes) {
  *bytes = NULL;
  if (count > MAXIMUM_MESSAGE) return false;
  *bytes = malloc(count + 1);
  if (!*bytes || !read_all(fd, *bytes, count)) return false;
  (*bytes)[count] = 0;
  return true;
}

static bool read_job(int fd, job_view *view, uint8_t **bytes) {
  csandbox_job *job = &view->job;
  *bytes = NULL;
  if (!read_all(fd, job, sizeof *job) || job->collect_length >= sizeof view->collect) return false;
  const uint64_t lengths[] = {job->job_length, job->input_length, job->arguments_length,
                              job->files_length, job->collect_length};
  uint64_t total = 0;
  for (size_t i = 0; i < COUNT_OF(lengths); i++) {
    if (lengths[i] > MAXIMUM_MESSAGE) return false;
    total += lengths[i];
  }
  if (!read_bytes(fd, total, bytes)) return false;
  view->source = *bytes;
  view->input = view->source + job->job_length;
  view->arguments = view->input + job->input_length;
  view->files = view->arguments + job->arguments_length;
  memcpy(view->collect, view->files + job->files_length, job->collect_length);
  view->collect[job->collect_length] = 0;
  return true;
}

static bool answer(int fd, outcome *outcome) {
  csandbox_outcome *header = &outcome->header;
  const buffer *parts[] = {&outcome->output, &outcome->errors, &outcome->results,
                           &outcome->collected};
  header->output_length = outcome->output.count;
  header->errors_length = outcome->errors.count;
  header->results_length = outcome->results.count;
  header->collected_length = outcome->collected.count;
  bool is_sent = write_all(fd, header, sizeof *header);
  for (size_t i = 0; i < COUNT_OF(parts) && is_sent; i++)
    is_sent = write_all(fd, parts[i]->bytes, parts[i]->count);
  return is_sent;
}

static void clear(outcome *outcome) {
  buffer_free(&outcome->output);
  buffer_free(&outcome->errors);
  buffer_free(&outcome->results);
  buffer_free(&outcome->collected);
  outcome->header = (csandbox_outcome){0};
}

// Buries what was left to us: orphans, and the zygote or the spawner if it has ended by itself.
static void bury(keeper_state *keeper, zygote *zygote) {
  for (pid_t ended; (ended = waitpid(-1, NULL, WNOHANG)) > 0;) {
    if (ended == keeper->spawner) {
      close_fd(&keeper->orders);
      keeper->spawner = 0;
    }
    if (ended != zygote->process) continue;
    close_fd(&zygote->control);
    zygote->process = 0;
  }
}

// Answers requests until the grader hangs up.
static void serve(keeper_state *keeper) {
  zygote zygote = {.control = -1};
  checker checker = {.pidfd = -1, .sources = -1, .answers = -1};
  shelf shelf = {.closing_count = 0};
  csandbox_request request;
  while (read_all(keeper->control, &request, sizeof request)) {
    job_view views[2];
    uint8_t *bytes[2] = {NULL, NULL};
    outcome outcomes[2];
    memset(outcomes, 0, sizeof outcomes);
    char message[512] = "";
    size_t count = request.job_count;
    bool is_read = count >= 1 && count <= 2;
    for (size_t i = 0; i < count && is_read; i++)
      is_read = read_job(keeper->control, &views[i], &bytes[i]);
    if (!is_read) break;
    bool is_fine = false;
    // A zygote that was lost is the machinery's fault: once more, with a new one.
    for (int attempt = 0; attempt < 2 && !is_fine; attempt++) {
      for (size_t i = 0; i < count; i++) clear(&outcomes[i]);
      is_fine = request.kind == CSANDBOX_CHECK
                    ? check_source(keeper, &zygote, &checker, &views[0], &outcomes[0], message,
                                   sizeof message)
                    : supervise(keeper, &zygote, &shelf, views, count, outcomes, message,
                                sizeof message);
      bury(keeper, &zygote);
      if (!is_fine) checker_stop(&checker, keeper, &zygote);
    }
    bool is_sent = true;
    for (size_t i = 0; i < count && is_sent; i++) {
      if (!is_fine) {
        clear(&outcomes[i]);
        outcomes[i].header.ending = CSANDBOX_FAILED;
        buffer_append(&outcomes[i].errors, message, strlen(message));
      }
      is_sent = answer(keeper->control, &outcomes[i]);
    }
    for (size_t i = 0; i < count; i++) {
      clear(&outcomes[i]);
      free(bytes[i]);
    }
    if (!is_sent) break;
  }
  checker_stop(&checker, keeper, &zygote);
  zygote_stop(&zygote);
  spawner_stop(keeper);
  shelf_clear(&shelf, keeper);
}

// MARK: - The keeper's life

static bool read_setup(csandbox_setup *setup, char **strings) {
  if (!read_all(CONTROL, setup, sizeof *setup) || setup->byte_count > 1 << 20) return false;
  *strings = malloc(setup->byte_count + 1);
  if (!*strings || !read_all(CONTROL, *strings, setup->byte_count)) return false;
  (*strings)[setup->byte_count] = 0;
  return true;
}

// The driver's text as a file in memory, so that nobody sees it among a process's arguments.
static int read_driver(uint32_t length) {
  uint8_t *bytes = NULL;
  int file = (int)syscall(SYS_memfd_create, "hone-driver", 1 /* close on exec */);
  bool is_kept = read_bytes(CONTROL, length, &bytes) && file >= 0 && write_all(file, bytes, length);
  free(bytes);
  if (!is_kept) close_fd(&file);
  return file;
}

// Whether processes can be put forward as the first to be ended; a read-only /proc does not let them.
static bool can_go_first(const keeper_state *keeper) {
  pid_t child = fork();
  if (child == 0) _exit(go_first(keeper) ? 0 : 1);
  int status = 1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void forget_group(keeper_state *keeper) {
  keeper->layers &= ~(uint32_t)CSANDBOX_CGROUP;
  close_fd(&keeper->memory_limit);
  close_fd(&keeper->memory_events);
  for (size_t i = 0; i < COUNT_OF(keeper->doors); i++) close_fd(&keeper->doors[i]);
}

static void say_ready(const keeper_state *keeper, const char *message) {
  csandbox_ready ready = {.layers = keeper->layers,
                          .failed = message != NULL,
                          .user = keeper->outside ? keeper->outside + 1 : getuid(),
                          .message_length = message ? (uint32_t)strlen(message) : 0};
  write_all(CONTROL, &ready, sizeof ready);
  if (message) write_all(CONTROL, message, strlen(message));
}

static void keep(void) {
  csandbox_setup setup;
  char *strings, message[512] = "";
  if (!read_setup(&setup, &strings)) return;
  keeper_state keeper = {.layers = setup.layers, .control = CONTROL, .landlock = -1,
                         .doors = {-1, -1}, .memory_limit = -1, .memory_events = -1, .self = -1,
                         .lock = -1, .orders = -1,
                         .driver = -1};
  const char **list = calloc(setup.path_count + setup.argument_count + 2, sizeof *list);
  if (!list) return;
  const char *at = strings, *end = strings + setup.byte_count;
  for (uint32_t i = 0; i < setup.path_count + setup.argument_count && at < end; i++) {
    list[i + (i >= setup.path_count)] = at;
    at += strlen(at) + 1;
  }
  keeper.paths = list;
  keeper.path_count = setup.path_count;
  keeper.interpreter = (char **)(list + setup.path_count + 1);
  keeper.driver = read_driver(setup.driver_length);
  keeper.processes = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  keeper.stat = open("/proc/stat", O_RDONLY | O_CLOEXEC);
  fcntl(CONTROL, F_SETFD, FD_CLOEXEC);

  int processor_lock = -1;
  keeper.processor = take_processor(&processor_lock);
  keeper.outside = setup.layers & CSANDBOX_UID ? take_users(&keeper.lock) : 0;
  keeper.layers = probe_layers(setup.layers, keeper.outside ? keeper.outside + 1 : 0);
  if (!(keeper.layers & CSANDBOX_UID)) keeper.outside = 0;
  keeper.user = keeper.outside ? keeper.outside + 1 : 0;
  prctl(PR_SET_CHILD_SUBREAPER, 1);

  // Without mount namespaces the scratch is a real folder, which somebody has to remove.
  if (!(keeper.layers & CSANDBOX_MOUNT)) {
    snprintf(keeper.scratch, sizeof keeper.scratch, "/tmp/hone-scratch-XXXXXX");
    if (!mkdtemp(keeper.scratch) || chmod(keeper.scratch, 0711) != 0) {
      fail(message, sizeof message, "making a folder in /tmp");
      say_ready(&keeper, message);
      return;
    }
    // Root of the user namespace is to be, and has to make folders in it.
    if (keeper.outside && (keeper.layers & CSANDBOX_USER)
        && chown(keeper.scratch, keeper.outside, keeper.outside) != 0) {}
  }
  janitor janitor;
  if (!janitor_start(&janitor, &keeper)) {
    say_ready(&keeper, "no process for the janitor");
    return;
  }
  control_group group;
  if ((keeper.layers & CSANDBOX_CGROUP) && control_group_make(&group, 256)) {
    memcpy(keeper.doors, group.doors, sizeof keeper.doors);
    keeper.memory_limit = group.memory_limit;
    keeper.memory_events = group.memory_events;
    janitor_remember(&janitor, &group);
  }
  if (!enter_namespaces(&keeper, &janitor, message, sizeof message)) {
    say_ready(&keeper, message);
    janitor_finish(&janitor);
    return;
  }
  // A change of credentials hides a process from others of its user; cells are entered by descriptor,
  // which needs them to be seen.
  prctl(PR_SET_DUMPABLE, 1);
  pid_t inner = keeper.layers & CSANDBOX_PID ? fork() : 0;
  if (inner == 0) {
    if (keeper.layers & CSANDBOX_PID) prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Everything that works in a cell's namespaces comes back through this door.
    keeper.self = open_pidfd(getpid());
    if (keeper.layers & CSANDBOX_LANDLOCK) keeper.landlock = make_landlock_rules(&keeper);
    signal(SIGPIPE, SIG_IGN);
    // Our maker may ignore it; programs are to be ended by their limit on files.
    signal(SIGXFSZ, SIG_DFL);
    if (!can_go_first(&keeper)) close_fd(&keeper.processes);
    // Older kernels look at who comes in and not at who opened the door.
    if (!spawner_start(&keeper)) forget_group(&keeper);
    say_ready(&keeper, NULL);
    serve(&keeper);
    if (keeper.layers & CSANDBOX_PID) _exit(0);
  } else if (inner > 0) {
    // The grader learns from the end of the conversation that this is over: hold no other end.
    close(CONTROL);
    while (waitpid(inner, NULL, 0) < 0 && errno == EINTR) {}
  } else {
    say_ready(&keeper, "no process for the keeper");
  }
  janitor_finish(&janitor);
}

// Runs before `main` of whatever program contains this target, and only does anything in a keeper.
__attribute__((constructor)) static void take_over(void) {
  if (!getenv(MARK)) return;
  unsetenv(MARK);
  // What others of our maker's threads had open while we were started is not ours to hold open.
  close_from(CONTROL + 1);
  keep();
  _exit(0);
}
