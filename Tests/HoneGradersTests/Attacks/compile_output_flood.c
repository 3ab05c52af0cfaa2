// compile_output_flood | format: compile | endless output | expect: output-limit
#include <unistd.h>
char block[65536];
int main(void) {
  for (;;) write(1, block, sizeof block);
}
