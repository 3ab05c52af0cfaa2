// compile_early_exit | format: compile | leaves with 0 before main begins | expect: wrong-answer
#include <unistd.h>
__attribute__((constructor)) static void leave(void) { _exit(0); }
int main(void) { return 1; }
