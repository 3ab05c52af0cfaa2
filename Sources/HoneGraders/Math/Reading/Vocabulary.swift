/// The commands and words that the lexer knows.
enum Vocabulary {
  /// Commands without any meaning for the answer.
  static let ignored: Set<String> = [
    "left", "right", "middle", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits",
    "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
    "Biggr", "bigm", "mathstrut", "strut", "rm", "bf", "it", "sf", "tt", "cal", "mathbf",
    "boldsymbol", "bm", "mathit", "mathnormal", "mathsf", "mathcal", "mathfrak", "mathscr",
    "pmb", "ensuremath", "noindent", "hfill", "centering", "underline", "mathop", "mathrel",
    "mathord", "mathbin", "mathopen", "mathclose", "boxed", "fbox", "framebox", "allowbreak",
    "nonumber",
    "small", "large", "Large", "normalsize", "hline", "relax", "tiny",
  ]

  /// Commands that vanish with their argument.
  static let ignoredWithArgument: Set<String> = [
    "phantom", "hphantom", "vphantom", "hspace", "vspace", "label", "color", "textcolor", "tag",
    "kern", "mspace",
  ]

  /// Commands that are white space.
  static let spaces: Set<String> = [
    "quad", "qquad", "space", "thinspace", "enspace", "medspace", "thickspace", "negthinspace",
    "hskip", "par", "newline",
  ]

  /// Commands whose argument is words rather than a formula.
  static let textual: Set<String> = [
    "text", "textrm", "textbf", "textit", "textsf", "texttt", "textnormal", "textup", "emph",
    "mbox", "hbox", "mathrm", "operatorname",
  ]

  /// Accents, which make another symbol of their argument.
  static let accents: Set<String> = [
    "vec", "hat", "widehat", "bar", "overline", "dot", "ddot", "tilde", "widetilde",
    "overrightarrow", "overleftrightarrow", "overset", "check",
  ]

  /// Environments of rows and columns.
  static let matrices: Set<String> = [
    "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array",
    "cases", "dcases",
  ]

  /// Environments that only lay out what is in them.
  static let transparent: Set<String> = [
    "aligned", "align", "align*", "alignedat", "equation", "equation*", "gather", "gather*",
    "gathered", "split", "math", "displaymath", "center", "multline", "multline*", "eqnarray",
    "eqnarray*", "flalign", "flalign*", "subarray",
  ]

  /// Codes of currencies in front of an amount.
  static let currencyCodes: [String: Unicode.Scalar] = [
    "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹",
  ]

  /// Words behind a number that are a degree sign with its scale.
  static let temperatures: [String: String] = [
    "degrees celsius": "Celsius", "degree celsius": "Celsius", "degrees c": "Celsius",
    "degrees fahrenheit": "Fahrenheit", "degree fahrenheit": "Fahrenheit",
    "degrees f": "Fahrenheit",
  ]

  static let greek: Set<String> = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "omicron", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi",
    "omega", "Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota",
    "Kappa", "Lambda", "Mu", "Nu", "Xi", "Omicron", "Pi", "Rho", "Sigma", "Tau", "Upsilon", "Phi",
    "Chi", "Psi", "Omega", "ell", "hbar", "nabla", "partial", "angle", "triangle", "odot",
    "aleph",
  ]

  /// Commands by name; those above are handled before.
  static let commands: [String: Token] = {
    var table: [String: Token] = [
      "frac": .command(.fraction), "dfrac": .command(.fraction), "tfrac": .command(.fraction),
      "cfrac": .command(.fraction), "sfrac": .command(.fraction), "nicefrac": .command(.fraction),
      "over": .command(.over), "sqrt": .command(.root), "surd": .command(.root),
      "binom": .command(.binomial), "dbinom": .command(.binomial), "tbinom": .command(.binomial),
      "choose": .command(.chooseInfix), "sum": .command(.sum), "prod": .command(.product),
      "int": .command(.integral), "lim": .command(.limit), "pm": .command(.plusMinus),
      "mp": .command(.minusPlus), "cup": .command(.union), "bigcup": .command(.union),
      "cap": .command(.intersection), "setminus": .command(.difference),
      "backslash": .command(.difference), "bmod": .command(.modulo), "mod": .command(.modulo),
      "pmod": .command(.parenthesizedModulo), "cdot": .sign("*"), "times": .sign("*"),
      "ast": .sign("*"), "bullet": .sign("*"), "div": .sign("/"), "colon": .sign(":"),
      "lbrace": .setOpen, "rbrace": .setClose, "lvert": .sign("|"), "rvert": .sign("|"),
      "vert": .sign("|"), "mid": .sign("|"), "lVert": .sign("‖"), "rVert": .sign("‖"),
      "Vert": .sign("‖"), "lfloor": .sign("⌊"), "rfloor": .sign("⌋"), "lceil": .sign("⌈"),
      "rceil": .sign("⌉"), "langle": .sign("⟨"), "rangle": .sign("⟩"), "lbrack": .sign("["),
      "rbrack": .sign("]"), "lparen": .sign("("), "rparen": .sign(")"), "degree": .degree,
      "circ": .degree, "prime": .prime, "ldots": .ellipsis, "dots": .ellipsis,
      "cdots": .ellipsis, "dotsc": .ellipsis, "infty": .constant(.infinity), "pi": .constant(.pi),
      "emptyset": .constant(.emptySet), "varnothing": .constant(.emptySet),
      "lor": .keyword(.or), "vee": .keyword(.or), "land": .keyword(.and), "wedge": .keyword(.and),
      "neg": .keyword(.not), "to": .keyword(.to), "rightarrow": .keyword(.to),
      "lt": .relation(.less), "gt": .relation(.greater), "le": .relation(.lessEqual),
      "leq": .relation(.lessEqual), "leqslant": .relation(.lessEqual),
      "ge": .relation(.greaterEqual), "geq": .relation(.greaterEqual),
      "geqslant": .relation(.greaterEqual), "ne": .relation(.notEqual),
      "neq": .relation(.notEqual), "in": .relation(.member), "approx": .relation(.approximately),
      "equiv": .relation(.congruent), "ln": .function(.named("ln")),
      "log": .function(.named("log")), "lg": .function(.named("log")),
      "exp": .function(.named("exp")), "pounds": .currency("£"),
      "euro": .currency("€"), "yen": .currency("¥"), "dollar": .currency("$"),
      "mathdollar": .currency("$"), "textdollar": .currency("$"), "texteuro": .currency("€"),
      "cent": .text("cents"), "rupee": .currency("₹"), "textcent": .text("cents"),
      "minus": .sign("-"),
      "imath": .constant(.imaginaryUnit), "jmath": .symbol("j"), "varepsilon": .symbol("epsilon"),
      "vartheta": .symbol("theta"), "varphi": .symbol("phi"), "R": .constant(.reals),
    ]
    for (name, function) in Function.names where table[name] == nil {
      table[name] = .function(function)
    }
    for name in greek { table[name] = .symbol(name) }
    return table
  }()

  /// Plain words that are mathematics.
  static let words: [String: Token] = {
    var table: [String: Token] = [
      "sqrt": .command(.root), "pi": .constant(.pi), "infinity": .constant(.infinity),
      "inf": .constant(.infinity), "infty": .constant(.infinity), "oo": .constant(.infinity),
      "or": .keyword(.or), "and": .keyword(.and), "to": .keyword(.to), "not": .keyword(.not),
      "mod": .command(.modulo), "choose": .command(.plainChoose), "ln": .function(.named("ln")),
      "log": .function(.named("log")), "lg": .function(.named("log")),
      "exp": .function(.named("exp")),
      "cbrt": .function(.named("cbrt")), "union": .command(.union), "percent": .percent,
      "degrees": .degree, "degree": .degree, "deg": .degree, "binom": .function(.binomial),
    ]
    for (name, function) in Function.names where table[name] == nil {
      table[name] = .function(function)
    }
    for name in greek where name.count > 2 && name != "angle" && name != "triangle" {
      table[name] = .symbol(name)
    }
    return table
  }()

  /// Blackboard letters that are sets.
  static let sets: [String: Constant] = [
    "R": .reals, "Z": .integers, "N": .naturals, "Q": .rationals, "C": .complexes,
  ]
}
