// How tokens are named in reasons and compared as text: as people write them, in one spelling.

extension Token: CustomStringConvertible {
  /// The token in TeX or plain text; different tokens have different spellings.
  var description: String {
    switch self {
    case .number: "a number"
    case .symbol(let name), .upright(let name), .word(let name): name
    case .text(let words): words
    case .sign(let sign): String(Character(sign))
    case .relation(let relation): relation.plain
    case .constant(let constant): constant.plain
    case .function(let function): function.plain
    case .command(let command): command.description
    case .keyword(let keyword): keyword.rawValue
    case .groupOpen: "{"
    case .groupClose: "}"
    case .setOpen: "\\{"
    case .setClose: "\\}"
    case .percent: "%"
    case .degree: "°"
    case .prime: "'"
    case .ellipsis: "…"
    case .currency(let sign): String(Character(sign))
    case .newline: "\\\\"
    case .column: "&"
    case .begin(let name): "\\begin{\(name)}"
    case .end(let name): "\\end{\(name)}"
    case .unknown(let name): "\\\(name)"
    }
  }
}

extension Command: CustomStringConvertible {
  /// The command as TeX has it.
  var description: String {
    switch self {
    case .fraction: "\\frac"
    case .over: "\\over"
    case .root: "\\sqrt"
    case .binomial: "\\binom"
    case .chooseInfix: "\\choose"
    case .plainChoose: "choose"
    case .sum: "\\sum"
    case .product: "\\prod"
    case .integral: "\\int"
    case .limit: "\\lim"
    case .boxed: "\\boxed"
    case .accent(let name): "\\\(name)"
    case .plusMinus: "\\pm"
    case .minusPlus: "\\mp"
    case .union: "\\cup"
    case .intersection: "\\cap"
    case .difference: "\\setminus"
    case .modulo: "\\bmod"
    case .parenthesizedModulo: "\\pmod"
    }
  }
}

extension Constant {
  /// The constant in plain notation.
  var plain: String {
    switch self {
    case .pi: "pi"
    case .euler: "e"
    case .imaginaryUnit: "i"
    case .infinity: "infinity"
    case .reals: "\\mathbb{R}"
    case .integers: "\\mathbb{Z}"
    case .naturals: "\\mathbb{N}"
    case .rationals: "\\mathbb{Q}"
    case .complexes: "\\mathbb{C}"
    case .emptySet: "\\emptyset"
    }
  }
}

extension Function {
  /// The function's name in plain notation.
  var plain: String {
    switch self {
    case .named(let name): name
    case .absolute: "absolute value"
    case .doubleFactorial: "double factorial"
    case .realPart: "real part"
    case .imaginaryPart: "imaginary part"
    case .maximum: "max"
    case .minimum: "min"
    default: "\(self)"
    }
  }
}
