import HoneJSON
import HoneTasks
import Testing

@Suite struct SmallProgramTests {
  // What CPython 3.11 says for the same statements.
  @Test(
    "Operations on numbers mean what they mean in Python",
    arguments: [
      (.divide(2), -7, -4, "x//2"), (.divide(3), 8, 2, "x//3"), (.divide(4), -8, -2, "x//4"),
      (.remainder(3), -7, 2, "x%3"), (.remainder(5), 12, 2, "x%5"), (.remainder(4), -8, 0, "x%4"),
      (.add(4), -9, -5, "x+4"), (.subtract(4), 3, -1, "x-4"), (.multiply(3), -2, -6, "x*3"),
      (.square, -5, 25, "x*x"), (.absolute, -5, 5, "abs(x)"), (.negate, 4, -4, "-x"),
      (.atMost(9), 12, 9, "min(x,9)"), (.atLeast(3), -1, 3, "max(x,3)"),
      (.divideTowardsZero(2), -7, -3, "int(x/2)"),
      (.remainderTowardsZero(3), -7, -1, "x-int(x/3)*3"),
    ] as [(NumberStep, Int, Int, String)])
  func numbers(step: NumberStep, argument: Int, result: Int, python: String) {
    #expect(step.apply(argument) == result)
    #expect(step.python("x") == python)
  }

  @Test(
    "Steps mean what they mean in Python",
    arguments: [
      (.number(.add(1)), .number(2), .number(3), "x=x+1"),
      (.when(.even, .add(1)), .number(2), .number(3), "if x%2==0:x=x+1"),
      (.when(.odd, .square), .number(-3), .number(9), "if x%2==1:x=x*x"),
      (.when(.above(5), .negate), .number(5), .number(5), "if x>5:x=-x"),
      (.each(.multiply(3)), .list([1, -2]), .list([3, -6]), "x=[y*3 for y in x]"),
      (.keep(.odd), .list([-3, 2, 5]), .list([-3, 5]), "x=[y for y in x if y%2==1]"),
      (.keep(.below(2)), .list([2, 1]), .list([1]), "x=[y for y in x if y<2]"),
      (.reverse, .list([1, 3, 2]), .list([2, 3, 1]), "x=x[::-1]"),
      (.sort, .list([3, -1, 3]), .list([-1, 3, 3]), "x=sorted(x)"),
      (.take(2), .list([7]), .list([7]), "x=x[:2]"), (.drop(2), .list([7]), .list([]), "x=x[2:]"),
      (.sum, .list([]), .number(0), "x=sum(x)"), (.count, .list([4, 4]), .number(2), "x=len(x)"),
      (.largest, .list([]), .number(0), "x=max(x,default=0)"),
      (.smallest, .list([-2, 5]), .number(-2), "x=min(x,default=0)"),
    ] as [(ProgramStep, ProgramValue, ProgramValue, String)])
  func steps(step: ProgramStep, argument: ProgramValue, result: ProgramValue, python: String) {
    #expect(step.apply(argument) == result)
    #expect(step.python == python)
    #expect(step.takesList == argument.isList)
    #expect(step.givesList == result.isList)
  }

  @Test("A step refuses the other kind of value, and numbers beyond the bound")
  func refusals() {
    #expect(ProgramStep.sum.apply(.number(3)) == nil)
    #expect(ProgramStep.number(.add(1)).apply(.list([1])) == nil)
    let root = 1_000_000
    #expect(NumberStep.square.apply(root) == NumberStep.bound)
    #expect(NumberStep.square.apply(root + 1) == nil)
    #expect(NumberStep.square.apply(Int.max) == nil)
    #expect(NumberStep.divide(0).apply(3) == nil)
    #expect(ProgramStep.each(.square).apply(.list([1, root + 1])) == nil)
  }

  @Test("A program is a Python function with a line a step")
  func python() {
    let program = SmallProgram(steps: [.keep(.even), .sum, .number(.add(3))])
    #expect(
      program.python
        == "def f(x):\n x=[y for y in x if y%2==0]\n x=sum(x)\n x=x+3\n return x")
    #expect(program.run(.list([1, 2, 4])) == .number(9))
    #expect(program.isWellTyped && program.takesList)
    #expect(!SmallProgram(steps: [.sum, .sort]).isWellTyped)
    #expect(!SmallProgram(steps: []).isWellTyped)
  }

  @Test("Mutants are programs of the same kind with one mistake")
  func mutants() {
    let program = SmallProgram(steps: [.keep(.above(5)), .sum, .number(.divide(2))])
    let mutants = program.mutants
    #expect(mutants.allSatisfy { $0.isWellTyped && $0.takesList && $0 != program })
    let expected: [[ProgramStep]] = [
      [.sum, .number(.divide(2))], [.keep(.above(4)), .sum, .number(.divide(2))],
      [.keep(.below(5)), .sum, .number(.divide(2))],
      [.keep(.above(5)), .count, .number(.divide(2))],
      [.keep(.above(5)), .sum, .number(.divideTowardsZero(2))],
      [.keep(.above(5)), .sum, .number(.divide(2)), .number(.divide(2))],
      [.keep(.above(5)), .sum],
    ]
    for steps in expected { #expect(mutants.contains(SmallProgram(steps: steps)), "\(steps)") }
    let pair = SmallProgram(steps: [.number(.add(1)), .number(.multiply(2))])
    #expect(pair.mutants.contains(SmallProgram(steps: pair.steps.reversed())))
  }
}
