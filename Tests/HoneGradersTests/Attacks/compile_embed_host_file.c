// compile_embed_host_file | format: compile | takes a file of the host into the program by the assembler; right only if it can be read | expect: compile-error
#include <stdio.h>
__asm__(".section .rodata\nloot: .incbin \"/etc/passwd\"\n.byte 0\n.text\n");
extern const char loot[];
int main(void) {
  int n, xs[100], count = 0;
  if (scanf("%d", &n) != 1 || n > 100) return 1;
  for (int i = 0; i < n; i++)
    if (scanf("%d", &xs[i]) != 1) return 1;
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++) count += xs[i] > xs[j];
  printf("%d\n", loot[0] ? count : -1);
}
