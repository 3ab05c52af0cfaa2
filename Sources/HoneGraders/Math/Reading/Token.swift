/// The smallest part of an answer that means something.
enum Token: Hashable {
  /// A number; its literal is in ``Lexeme/literal``.
  case number
  /// A single letter, Latin or Greek, or a letter with an accent.
  case symbol(String)
  /// A letter in upright type, which behind a number is a unit.
  case upright(String)
  /// Two or more plain letters in a row.
  case word(String)
  /// What `\text{…}` and its kin hold, where that is not mathematics.
  case text(String)
  /// An operator, a bracket or another sign, by its ASCII or Unicode character.
  case sign(Unicode.Scalar)
  case relation(Relation)
  case constant(Constant)
  case function(Function)
  /// A command that takes part in the grammar: `frac`, `sqrt`, `sum`.
  case command(Command)
  case keyword(Keyword)
  /// `{` and `}` of TeX.
  case groupOpen, groupClose
  /// `\{` and `\}`.
  case setOpen, setClose
  case percent
  case degree
  case prime
  case ellipsis
  case currency(Unicode.Scalar)
  /// `\\` and `&`.
  case newline, column
  case begin(String), end(String)
  /// A command without a meaning here.
  case unknown(String)
}

/// A command or sign with a grammar of its own.
enum Command: Hashable {
  case fraction, over, root, binomial, chooseInfix, plainChoose
  case sum, product, integral, limit
  case boxed, accent(String)
  case plusMinus, minusPlus
  case union, intersection, difference
  case modulo, parenthesizedModulo
}

/// A word that joins parts of an answer.
enum Keyword: String, Hashable {
  case or, and, to, not
}

/// A token with its place.
struct Lexeme {
  var token: Token
  /// Whether white space stands in front.
  var isSpaced = false
  /// The number, for ``Token/number``.
  var literal: NumberLiteral?
}
