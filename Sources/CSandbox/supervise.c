#define _GNU_SOURCE
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "command.h"
#include "lockdown.h"
#include "spawner.h"

enum { INPUT, OUTPUT, ERRORS, JOB, RESULTS, STREAMS };

// A running job.
typedef struct {
  const job_view *view;
  outcome *outcome;
  cell cell;
  uid_t user;
  pid_t process;
  int pidfd;
  int ours[STREAMS];  // our ends of its pipes, -1 once closed
  size_t written[2];  // of the input and of the job
  int verdict;        // why we ended it, or -1
  bool has_ended;
} task;

static bool fail(char *message, size_t length, const char *what) {
  snprintf(message, length, "%s: %s", what, strerror(errno));
  return false;
}

// MARK: - Clocks

// The processor time of a living process, all its threads together.
static double processor_seconds(pid_t process) {
  struct timespec time;
  clockid_t clock = (clockid_t)((~(unsigned)process << 3) | 2);
  if (process <= 0 || clock_gettime(clock, &time) != 0) return 0;
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// How long our processor has stood idle, or all of them together; negative where that is hidden.
static double idle_seconds(const keeper_state *keeper) {
  static char text[1 << 16];
  ssize_t length = keeper->stat < 0 ? -1 : pread(keeper->stat, text, sizeof text - 1, 0);
  if (length <= 0) return -1;
  text[length] = 0;
  char name[16] = "cpu ";
  if (keeper->processor >= 0) snprintf(name, sizeof name, "\ncpu%d ", keeper->processor);
  const char *line = strstr(text, name);
  unsigned long long user, nice, system, idle, waiting;
  if (!line
      || sscanf(line + strlen(name), "%llu %llu %llu %llu %llu", &user, &nice, &system, &idle,
                &waiting) != 5)
    return -1;
  return (double)(idle + waiting) / (double)sysconf(_SC_CLK_TCK);
}

// MARK: - Start

static bool open_streams(task *task, int theirs[STREAMS]) {
  for (int i = 0; i < STREAMS; i++) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    bool is_to_them = i == INPUT || i == JOB;
    task->ours[i] = ends[is_to_them ? 1 : 0];
    theirs[i] = ends[is_to_them ? 0 : 1];
    fcntl(task->ours[i], F_SETFL, O_NONBLOCK);
  }
  return true;
}

static bool start(task *task, keeper_state *keeper, zygote *zygote, shelf *shelf, int link,
                  char *message, size_t length) {
  const csandbox_job *job = &task->view->job;
  int theirs[6] = {-1, -1, -1, -1, -1, link};
  bool is_started = false;
  task->user = keeper->user ? keeper->user + (job->is_judge ? 1 : 0) : 0;
  if (!open_streams(task, theirs)) {
    fail(message, length, "pipe");
  } else if (shelf_take(shelf, &task->cell, keeper, job, task->view->files, task->user, message,
                        length)) {
    if (job->kind == CSANDBOX_PYTHON) {
      task->process = zygote_fork(zygote, keeper, &task->cell, job, task->user, theirs, link >= 0,
                                  message, length);
    } else {
      task->process = command_start(keeper, &task->cell, job, (const char *)task->view->arguments,
                                    task->user, theirs);
      if (task->process < 0) fail(message, length, "starting a command");
    }
    if (task->process > 0) task->pidfd = open_pidfd(task->process);
    is_started = task->pidfd >= 0;
  }
  for (int i = 0; i < STREAMS; i++) close_fd(&theirs[i]);
  return is_started;
}

// MARK: - While it runs

static void put(task *task, int stream, const uint8_t *bytes, size_t count) {
  size_t *done = &task->written[stream == JOB];
  while (task->ours[stream] >= 0 && *done < count) {
    ssize_t put = write(task->ours[stream], bytes + *done, count - *done);
    if (put > 0) *done += (size_t)put;
    else if (errno == EAGAIN) return;
    else if (errno != EINTR) *done = count;  // nobody reads any more
  }
  close_fd(&task->ours[stream]);
}

static buffer *taken(task *task, int stream) {
  return stream == OUTPUT ? &task->outcome->output
         : stream == ERRORS ? &task->outcome->errors
                            : &task->outcome->results;
}

// Takes what is there. One byte over the limit is enough to know.
static void take(task *task, int stream) {
  buffer *buffer = taken(task, stream);
  size_t limit = task->view->job.output_bytes;
  uint8_t chunk[65536];
  while (task->ours[stream] >= 0) {
    ssize_t got = read(task->ours[stream], chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      close_fd(&task->ours[stream]);
      return;
    }
    size_t room = limit - buffer->count;
    buffer_append(buffer, chunk, (size_t)got < room ? (size_t)got : room);
    if ((size_t)got > room) {
      if (task->verdict < 0) task->verdict = CSANDBOX_OUTPUT_LIMIT;
      close_fd(&task->ours[stream]);
    }
  }
}

static void end(task *task) {
  if (task->process > 0) kill(task->process, SIGKILL);
  if (task->cell.process > 0) kill(task->cell.process, SIGKILL);
}

// MARK: - Memory

static void set_limit_of_group(keeper_state *keeper, uint64_t bytes) {
  if (keeper->memory_limit < 0 || bytes == keeper->memory_bytes) return;
  char number[32];
  int length = snprintf(number, sizeof number, "%llu", (unsigned long long)bytes);
  // Version 1 refuses while more is in use, which what has just ended gives back in a moment.
  for (int attempt = 0; attempt < 100; attempt++) {
    if (pwrite(keeper->memory_limit, number, (size_t)length, 0) == length) {
      keeper->memory_bytes = bytes;
      return;
    }
    usleep(1000);
  }
}

static void set_memory_limit(keeper_state *keeper, const job_view *jobs, size_t count) {
  // The warm interpreter, the checker and the copies that forks make are in the group as well.
  uint64_t bytes = 128 << 20;
  for (size_t i = 0; i < count; i++) bytes += jobs[i].job.memory_bytes + jobs[i].job.file_bytes;
  set_limit_of_group(keeper, bytes);
}

// MARK: - End

static bool reap(task *task, zygote *zygote, char *message, size_t length) {
  csandbox_outcome *header = &task->outcome->header;
  int status = 0;
  if (task->view->job.kind == CSANDBOX_PYTHON) {
    if (!zygote_reap(zygote, task->process, &status, &header->cpu_seconds, &header->peak_bytes)) {
      snprintf(message, length, "the warm interpreter was lost");
      return false;
    }
  } else {
    struct rusage usage;
    if (wait4(task->process, &status, 0, &usage) < 0) return fail(message, length, "wait4");
    header->cpu_seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
                          + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
    header->peak_bytes = (uint64_t)usage.ru_maxrss << 10;
  }
  bool is_killed = WIFSIGNALED(status);
  header->code = is_killed ? WTERMSIG(status) : WEXITSTATUS(status);
  header->ending = is_killed ? CSANDBOX_SIGNALLED : CSANDBOX_EXITED;
  double limit = task->view->job.cpu_seconds;
  if (is_killed && header->code == SIGSYS) header->ending = CSANDBOX_FORBIDDEN;
  else if (task->verdict >= 0) header->ending = (uint32_t)task->verdict;
  else if ((is_killed && header->code == SIGXCPU) || header->cpu_seconds > limit)
    header->ending = CSANDBOX_CPU_LIMIT;
  return true;
}

// Ends a child of the zygote that may still run, and has it buried: until then its cell cannot end.
static void bury_child(pid_t process, int pidfd, zygote *zygote) {
  int status;
  double seconds;
  uint64_t bytes;
  struct pollfd ended = {pidfd, POLLIN, 0};
  kill(process, SIGKILL);
  if (pidfd < 0 || poll(&ended, 1, 5000) > 0)
    zygote_reap(zygote, process, &status, &seconds, &bytes);
}

static void release(task *task, keeper_state *keeper, zygote *zygote, shelf *shelf) {
  end(task);
  if (task->process > 0 && task->view->job.kind == CSANDBOX_PYTHON)
    bury_child(task->process, task->pidfd, zygote);
  else if (task->process > 0)
    waitpid(task->process, NULL, 0);
  shelf_close(shelf, &task->cell, keeper, task->user);
  close_fd(&task->pidfd);
  for (int i = 0; i < STREAMS; i++) close_fd(&task->ours[i]);
}

// The process is gone: what it left in its pipes belongs to it, what still runs in its cell does not.
static bool finish(task *task, keeper_state *keeper, zygote *zygote, double started,
                   uint64_t kills_before, char *message, size_t length) {
  outcome *outcome = task->outcome;
  for (int stream = OUTPUT; stream <= RESULTS; stream++)
    if (stream != JOB) take(task, stream);
  // What it filled may be there for a moment yet. Nobody else is to be ended for it.
  bool is_out_of_memory = control_group_kills(keeper->memory_events) > kills_before;
  if (is_out_of_memory) set_limit_of_group(keeper, 1ull << 40);
  if (!reap(task, zygote, message, length)) return false;
  if (outcome->header.ending == CSANDBOX_SIGNALLED && outcome->header.code == SIGKILL
      && is_out_of_memory)
    outcome->header.ending = CSANDBOX_MEMORY_LIMIT;
  outcome->header.wall_seconds = now() - started;
  task->has_ended = true;
  task->process = 0;
  if (task->view->collect[0] && outcome->header.ending == CSANDBOX_EXITED
      && outcome->header.code == 0)
    outcome->header.is_collected = cell_collect(
        &task->cell, keeper, task->view->collect, task->view->job.file_bytes, &outcome->collected);
  // A process that it left behind may hold the link open, and a judge would wait for it.
  end(task);
  if (!(keeper->layers & CSANDBOX_PID)) kill_all_of(task->user);
  return true;
}

// MARK: - The loop

// What decides that a job has had its time.
//
// Its processor time, first. A job that waits instead of computing is ended when its own time and the
// time that processors stood idle while it could have run come to the limit and half a second: on a
// loaded machine a job is not punished for the load, and one that sleeps is not waited for. Where the
// idle time is hidden, and under any load, four times the limit and two seconds are the end.
typedef struct {
  double started, limit;
  bool has_looked;  // at the idle time; most jobs are over before anybody has to
  double idle;
} patience;

// `used`: the program's processor time; `others`: that of its judge, during which it could not run.
static bool is_exhausted(patience *patience, const keeper_state *keeper, double used,
                         double others) {
  double wall = now() - patience->started;
  if (!patience->has_looked && wall > 0.02) {
    patience->has_looked = true;
    patience->idle = idle_seconds(keeper);
  }
  if (wall < patience->limit + 0.5) return false;
  if (wall >= 4 * patience->limit + 2) return true;
  double idle = idle_seconds(keeper);
  if (idle < 0 || patience->idle < 0) return false;
  double stood = idle - patience->idle;
  double waited = wall - used - others;
  return used + (stood < waited ? stood : waited) >= patience->limit + 0.4;
}

static bool watch(task *tasks, size_t count, keeper_state *keeper, zygote *zygote, shelf *shelf,
                  char *message, size_t length) {
  // A judge has its own bound on processor time; waiting is the program's.
  patience patience = {.started = now(), .limit = tasks[0].view->job.cpu_seconds, .idle = -1};
  uint64_t kills = control_group_kills(keeper->memory_events);
  task *last = &tasks[count - 1];
  bool is_first = true;
  while (!last->has_ended) {
    struct pollfd waits[2 * (STREAMS + 1) + 1];
    size_t wait_count = 0;
    waits[wait_count++] = (struct pollfd){keeper->control, POLLRDHUP, 0};
    double used = 0, others = 0, longest = patience.limit;
    for (size_t i = 0; i < count; i++) {
      task *task = &tasks[i];
      if (task->has_ended) continue;
      put(task, INPUT, task->view->input, task->view->job.input_length);
      put(task, JOB, task->view->source, task->view->job.job_length);
      for (int stream = 0; stream < STREAMS; stream++)
        if (task->ours[stream] >= 0)
          waits[wait_count++] = (struct pollfd){
              task->ours[stream], stream == INPUT || stream == JOB ? POLLOUT : POLLIN, 0};
      waits[wait_count++] = (struct pollfd){task->pidfd, POLLIN, 0};
      double mine = processor_seconds(task->process);
      *(i == 0 ? &used : &others) += mine;
      double left = task->view->job.cpu_seconds - mine;
      if (left <= 0 && task->verdict < 0) task->verdict = CSANDBOX_CPU_LIMIT;
      if (left < longest) longest = left;
    }
    task *first = tasks[0].has_ended ? last : &tasks[0];
    if (first->verdict < 0 && is_exhausted(&patience, keeper, used, others))
      first->verdict = CSANDBOX_WALL_LIMIT;
    for (size_t i = 0; i < count; i++)
      if (tasks[i].verdict >= 0 && !tasks[i].has_ended) end(&tasks[i]);
    // They are busy now: the time to prepare for those that come after them.
    for (size_t i = 0; i < count && is_first; i++)
      if (tasks[i].view->job.kind == CSANDBOX_PYTHON)
        shelf_fill(shelf, keeper, &tasks[i].view->job, tasks[i].user);
    is_first = false;
    int wait = longest > 0.1 ? 50 : longest > 0.01 ? (int)(longest * 500) : 5;
    if (poll(waits, wait_count, wait) < 0 && errno != EINTR) return fail(message, length, "poll");
    if (waits[0].revents & (POLLRDHUP | POLLHUP | POLLERR)) {
      snprintf(message, length, "the grader has gone");
      return false;
    }
    for (size_t i = 0; i < count; i++) {
      task *task = &tasks[i];
      if (task->has_ended) continue;
      for (int stream = OUTPUT; stream <= RESULTS; stream++)
        if (stream != JOB) take(task, stream);
      struct pollfd ended = {task->pidfd, POLLIN, 0};
      if (poll(&ended, 1, 0) > 0
          && !finish(task, keeper, zygote, patience.started, kills, message, length))
        return false;
    }
  }
  // The judge has ended: its program's time is over as well.
  for (size_t i = 0; i + 1 < count; i++) {
    if (tasks[i].has_ended) continue;
    // Unless we had ended it ourselves and the judge, who noticed, was only faster.
    tasks[i].outcome->header.ended_last = tasks[i].verdict < 0;
    struct pollfd ended = {tasks[i].pidfd, POLLIN, 0};
    end(&tasks[i]);
    while (poll(&ended, 1, 1000) <= 0) end(&tasks[i]);
    if (!finish(&tasks[i], keeper, zygote, patience.started, kills, message, length)) return false;
  }
  return true;
}

bool supervise(keeper_state *keeper, zygote *zygote, shelf *shelf, const job_view *jobs, size_t count,
               outcome *outcomes, char *message, size_t length) {
  task tasks[2];
  int link[2] = {-1, -1};
  bool is_fine = true;
  for (size_t i = 0; i < count; i++) {
    tasks[i] = (task){.view = &jobs[i], .outcome = &outcomes[i], .pidfd = -1, .verdict = -1};
    tasks[i].cell.pidfd = -1;
    for (int stream = 0; stream < STREAMS; stream++) tasks[i].ours[stream] = -1;
    // Before any pipe is open, which what is started here would hold open.
    if (is_fine && jobs[i].job.kind == CSANDBOX_PYTHON)
      is_fine = zygote_start(zygote, keeper, message, length);
    else if (is_fine && !spawner_start(keeper))
      is_fine = fail(message, length, "starting the spawner");
  }
  set_memory_limit(keeper, jobs, count);
  if (is_fine && count == 2
      && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link) != 0)
    is_fine = fail(message, length, "socketpair");
  for (size_t i = 0; i < count && is_fine; i++)
    is_fine = start(&tasks[i], keeper, zygote, shelf, link[i], message, length);
  close_fd(&link[0]);
  close_fd(&link[1]);
  is_fine = is_fine && watch(tasks, count, keeper, zygote, shelf, message, length);
  for (size_t i = 0; i < count; i++) release(&tasks[i], keeper, zygote, shelf);
  return is_fine;
}

// MARK: - The checker

enum { CHECKS_OF_ONE = 2000 };
static const double check_seconds = 5;

void checker_stop(checker *checker, keeper_state *keeper, zygote *zygote) {
  bool is_open = checker->process > 0 || checker->cell.process > 0;
  if (checker->process > 0) bury_child(checker->process, checker->pidfd, zygote);
  if (is_open) cell_close(&checker->cell, keeper, keeper->user ? keeper->user + 1 : 0);
  close_fd(&checker->sources);
  close_fd(&checker->answers);
  close_fd(&checker->pidfd);
  checker->process = 0;
}

static bool checker_start(checker *checker, keeper_state *keeper, zygote *zygote,
                          const job_view *check, char *message, size_t length) {
  if (checker->process > 0 && checker->served < CHECKS_OF_ONE) return true;
  checker_stop(checker, keeper, zygote);
  if (!zygote_start(zygote, keeper, message, length)) return false;
  uid_t user = keeper->user ? keeper->user + 1 : 0;
  csandbox_job job = check->job;
  job.cpu_seconds = 0;  // it lives long; each text has its own bound
  job.files_length = job.file_count = 0;
  job.is_judge = 1;
  int sources[2], answers[2];
  if (pipe2(sources, O_CLOEXEC) != 0) return fail(message, length, "pipe");
  if (pipe2(answers, O_CLOEXEC) != 0) return fail(message, length, "pipe");
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  const int fds[5] = {null, null, null, sources[0], answers[1]};
  if (cell_open(&checker->cell, keeper, &job, NULL, user, message, length))
    checker->process = zygote_fork(zygote, keeper, &checker->cell, &job, user, fds, false,
                                   message, length);
  close_fd(&null);
  close_fd(&sources[0]);
  close_fd(&answers[1]);
  checker->sources = sources[1];
  checker->answers = answers[0];
  checker->served = 0;
  if (checker->process > 0) checker->pidfd = open_pidfd(checker->process);
  // What it is to do comes first; every text behind it comes with its length.
  if (checker->process > 0 && checker->pidfd >= 0
      && write_all(checker->sources, check->input, check->job.input_length))
    return true;
  checker_stop(checker, keeper, zygote);
  return false;
}

// Reads one record within the time for a text; false if the checker has ended or takes too long.
static bool read_record(checker *checker, buffer *record, double end) {
  size_t wanted = 5;
  while (record->count < wanted) {
    double left = end - now();
    struct pollfd wait = {checker->answers, POLLIN, 0};
    if (left <= 0 || poll(&wait, 1, (int)(left * 1e3) + 1) <= 0) return false;
    uint8_t chunk[4096];
    size_t room = wanted - record->count < sizeof chunk ? wanted - record->count : sizeof chunk;
    ssize_t got = read(checker->answers, chunk, room);
    if (got <= 0 || !buffer_append(record, chunk, (size_t)got)) return false;
    if (record->count == 5) {
      uint32_t payload;
      memcpy(&payload, record->bytes + 1, sizeof payload);
      if (payload > 1 << 20) return false;
      wanted += payload;
    }
  }
  return true;
}

static bool check_once(keeper_state *keeper, zygote *zygote, checker *checker,
                       const job_view *source, outcome *outcome, char *message, size_t length) {
  double started = now();
  if (!checker_start(checker, keeper, zygote, source, message, length)) return false;
  set_memory_limit(keeper, source, 1);
  checker->served++;
  uint32_t count = (uint32_t)source->job.job_length;
  bool is_answered = write_all(checker->sources, &count, sizeof count)
                     && write_all(checker->sources, source->source, count)
                     && read_record(checker, &outcome->results, started + check_seconds);
  csandbox_outcome *header = &outcome->header;
  header->wall_seconds = now() - started;
  header->ending = CSANDBOX_EXITED;
  header->code = 0;
  if (is_answered) return true;
  // It died of the text, or was still at it.
  struct pollfd ended = {checker->pidfd, POLLIN, 0};
  bool is_dead = poll(&ended, 1, 0) > 0;
  pid_t process = checker->process;
  kill(process, SIGKILL);
  while (poll(&ended, 1, 1000) <= 0) kill(process, SIGKILL);
  int status = 0;
  double seconds;
  uint64_t bytes;
  bool is_reaped = zygote_reap(zygote, process, &status, &seconds, &bytes);
  checker->process = 0;
  cell_close(&checker->cell, keeper, keeper->user ? keeper->user + 1 : 0);
  checker_stop(checker, keeper, zygote);
  if (!is_reaped) {
    snprintf(message, length, "the warm interpreter was lost");
    return false;
  }
  outcome->results.count = 0;
  header->ending = !is_dead ? CSANDBOX_WALL_LIMIT
                   : WIFSIGNALED(status) ? CSANDBOX_SIGNALLED : CSANDBOX_EXITED;
  header->code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

bool check_source(keeper_state *keeper, zygote *zygote, checker *checker, const job_view *source,
                  outcome *outcome, char *message, size_t length) {
  if (!check_once(keeper, zygote, checker, source, outcome, message, length)) return false;
  // Nothing in a text makes a compiler kill itself: somebody else did, perhaps long ago.
  bool is_killed = outcome->header.ending == CSANDBOX_SIGNALLED && outcome->header.code == SIGKILL;
  return !is_killed || check_once(keeper, zygote, checker, source, outcome, message, length);
}
