// compile_template_bomb | format: compile | templates that ask for two others each, without end | expect: compile-error, time-limit, memory-limit, output-limit | slow: yes
template <unsigned long long path, int depth> struct Node {
  static constexpr int value = Node<path * 2, depth - 1>::value + Node<path * 2 + 1, depth - 1>::value;
};
template <unsigned long long path> struct Node<path, 0> {
  static constexpr int value = 1;
};
int main() { return Node<1, 60>::value; }
