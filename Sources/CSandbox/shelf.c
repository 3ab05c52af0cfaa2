#define _GNU_SOURCE
#include "shelf.h"

enum { WHOLE = CSANDBOX_MOUNT | CSANDBOX_PID };

static bool has_whole_cells(const keeper_state *keeper) {
  return (keeper->layers & WHOLE) == WHOLE;
}

static void settle(shelf *shelf, const keeper_state *keeper) {
  for (size_t i = 0; i < shelf->closing_count; i++) cell_close(&shelf->closing[i], keeper, 0);
  shelf->closing_count = 0;
}

bool shelf_take(shelf *shelf, cell *cell, const keeper_state *keeper, const csandbox_job *job,
                const uint8_t *files, uid_t user, char *message, size_t length) {
  settle(shelf, keeper);
  int side = job->is_judge ? 1 : 0;
  struct cell *spare = &shelf->spare[side];
  if (spare->process > 0 && job->file_count == 0 && shelf->scratch_bytes[side] == job->file_bytes) {
    *cell = *spare;
    spare->process = 0;
    return true;
  }
  if (spare->process > 0) cell_close(spare, keeper, user);
  return cell_open(cell, keeper, job, files, user, message, length);
}

void shelf_fill(shelf *shelf, const keeper_state *keeper, const csandbox_job *job, uid_t user) {
  int side = job->is_judge ? 1 : 0;
  if (!has_whole_cells(keeper) || job->file_count > 0 || shelf->spare[side].process > 0) return;
  char message[128];
  // Without one the next job opens its own, and tells what is wrong.
  if (!cell_open(&shelf->spare[side], keeper, job, NULL, user, message, sizeof message))
    shelf->spare[side].process = 0;
  shelf->scratch_bytes[side] = job->file_bytes;
}

void shelf_close(shelf *shelf, cell *cell, const keeper_state *keeper, uid_t user) {
  if (!has_whole_cells(keeper) || cell->process <= 0) {
    cell_close(cell, keeper, user);
    return;
  }
  if (shelf->closing_count == COUNT_OF(shelf->closing)) settle(shelf, keeper);
  cell_end(cell);
  shelf->closing[shelf->closing_count++] = *cell;
  cell->process = 0;
  cell->pidfd = -1;
  cell->stack = NULL;
}

void shelf_clear(shelf *shelf, const keeper_state *keeper) {
  settle(shelf, keeper);
  for (size_t side = 0; side < COUNT_OF(shelf->spare); side++)
    if (shelf->spare[side].process > 0) cell_close(&shelf->spare[side], keeper, 0);
}
