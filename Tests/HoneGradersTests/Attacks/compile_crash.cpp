// compile_crash | format: compile | the answer 0 from a constructor, then a write through nothing | expect: runtime-error
#include <unistd.h>
struct Early {
  Early() { write(1, "0\n", 2); }
} early;
int main() { *(volatile int *)8 = 1; }
