// compile_memory_bomb | format: compile | takes and touches memory without end | expect: memory-limit, runtime-error
#include <stdlib.h>
#include <string.h>
int main(void) {
  for (;;) {
    char *p = malloc(1 << 24);
    if (p) memset(p, 1, 1 << 24);
    else abort();
  }
}
