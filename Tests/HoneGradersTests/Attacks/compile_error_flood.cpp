// compile_error_flood | format: compile | a line of errors for each of many instances | expect: compile-error, time-limit, memory-limit, output-limit
#include <map>
#include <string>
#include <vector>
struct NoOrder {};
int main() {
  std::map<NoOrder, std::map<NoOrder, std::vector<std::map<NoOrder, std::string>>>> m;
  m[NoOrder()][NoOrder()][0][NoOrder()] = m[NoOrder()] + m < m > m;
⟪2000|  m = m + m.x < undefined[m];\n⟫}
