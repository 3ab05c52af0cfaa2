#include <stdio.h>
int main(void) {
  int n, xs[100], count = 0;
  if (scanf("%d", &n) != 1 || n > 100) return 1;
  for (int i = 0; i < n; i++)
    if (scanf("%d", &xs[i]) != 1) return 1;
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++) count += xs[i] > xs[j];
  printf("%d\n", count);
}
