// What products copy of their operands, a thread's own. There is one for all instruction sets: the
// system clears such memory when a thread starts, so that every byte of it is resident in each.
#ifndef HONE_SCRATCH_H
#define HONE_SCRATCH_H

enum {
  groupColumns = 64,                // columns of B that are packed together
  longestBlock = 320,               // most elements of a slice of the sum
  mostRows = 192,                   // rows of A that are copied
  copiedRow = longestBlock + 16,    // their distance
};

typedef struct {
  _Alignas(64) float packed[groupColumns * longestBlock];
  _Alignas(64) float rows[mostRows * copiedRow];
} HoneScratch;

extern _Thread_local HoneScratch honeScratch;

#endif
