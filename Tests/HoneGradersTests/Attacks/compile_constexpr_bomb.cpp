// compile_constexpr_bomb | format: compile | a constant whose computation never ends | expect: compile-error, time-limit, memory-limit
constexpr int forever(int n) {
  int k = 0;
  for (unsigned long long i = 0; i < 1ULL << 62; i++) k ^= int(i) + n;
  return k;
}
constexpr int a = forever(1);
int main() { return a; }
