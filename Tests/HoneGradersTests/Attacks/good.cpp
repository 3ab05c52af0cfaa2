#include <iostream>
#include <vector>
int main() {
  int n, count = 0;
  std::cin >> n;
  std::vector<int> xs(n);
  for (auto &x : xs) std::cin >> x;
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++) count += xs[i] > xs[j];
  std::cout << count << "\n";
}
