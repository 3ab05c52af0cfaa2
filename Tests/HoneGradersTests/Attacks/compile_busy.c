// compile_busy | format: compile | an endless loop, deaf to every signal | expect: time-limit
#include <signal.h>
int main(void) {
  for (int i = 1; i < 65; i++) signal(i, SIG_IGN);
  for (volatile int i = 0;; i++) {}
}
