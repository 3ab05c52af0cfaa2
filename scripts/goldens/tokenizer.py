"""Writes the goldens of HoneText: what the `tokenizers` library makes of the same texts.

    python3 -m venv goldens
    goldens/bin/pip install -r scripts/goldens/tokenizer-requirements.txt
    goldens/bin/python scripts/goldens/tokenizer.py [path of GPT-2's tokenizer.json]

Everything is drawn from fixed seeds: the same versions write the same files.
"""

import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, processors, trainers

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/HoneTextTests/Goldens"
GPT2 = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
LLAMA3 = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")

PROSE = """It's a question of method: we've learned that they're slow, I'm told, and you'd say he'll
wait. Don't add 1 and 1 before you've read the whole line. The answer is 42, not 1,024 or 3.14.
A train leaves at 09:45 and arrives at 12:10; how long does it take? First, count the hours: two.
Then the minutes: 15 to ten, then 10 more, so 25. The answer is 2 hours and 25 minutes.
Größe, naïve, façade, Straße, Ελληνικά, русский язык, العربية, עברית, हिन्दी, 中文分词, 日本語の文章.
if (x == 0) { return -1; } else { return f(x - 1) * 2; }  // tabs\tand  runs   of    spaces
"""


def corpus():
    draw = random.Random(7)
    lines = PROSE.split("\n") * 3
    for _ in range(250):
        terms = [draw.randint(0, 99) for _ in range(draw.randint(2, 5))]
        steps = "; ".join(f"{sum(terms[:k])} + {terms[k]} = {sum(terms[:k + 1])}" for k in range(1, len(terms)))
        lines.append(" + ".join(map(str, terms)) + f" = ?\n<think>{steps}</think> <answer>{sum(terms)}</answer>")
    return lines


TEXTS = [
    "", " ", "  ", "     ", "\n", "\n\n", " \n", "\n ", " \n \n  ", "\t", "\t\ta", "a\t b", "  a", "a  ", "a   b",
    "a\r\nb\r\n\r\nc", "\r\n\r\n  x", "x \n\n y", "!\n\n?", " !\r\n", "...\n...", "\u00a0a", " \u00a0 a", "\u3000中\u3000",
    "\u2028x\u2029", "\u0085\u1680", "a\u200bb", "\ufeffa", "Hello, world!", "Hello   world", "hello\n\nworld\n",
    "it's they're we've I'm he'll she'd don't", "IT'S THEY'RE WE'VE I'M HE'LL SHE'D DON'T", "'s't're've'm'll'd",
    "'S'T'Re'vE'M'Ll'D", "' s", "''s", "x'sam", "'", "''", "a'\u017f", "'\u017ft", "l'été", "’s it’s",
    "0", "12", "123", "1234", "1234567890", " 12 345", "3.14159", "1,000,000", "-5", "+7", "1e10", "x1y22z333",
    "²³¹ ½ ⅓ Ⅷ ①", "٠١٢٣٤٥", "०१२", "𝟙𝟚𝟛𝟜", "12+30=?", "12 + 30 = 42", "((3 - 1) * 7) / 2", "#### 42",
    "\\frac{1}{2} \\boxed{42}", "<think>1 + 1 = 2</think> <answer>2</answer>", "Größe naïve façade Straße",
    "e\u0301 vs é", "A\u030angstro\u0308m \u212b", "\u1e9b\u0323", "नमस्ते दुनिया", "ก็ที่นี่", "العربية ١٢٣", "שָׁלוֹם",
    "中文分词 测试", "日本語の文章です。", "한국어 문장", "\u1112\u1161\u11ab", "Ελληνικά", "русский язык", "😀", "👨‍👩‍👧‍👦", "🏳️‍🌈 👍🏽", "🇩🇪🇫🇷",
    "a😀b", " 😀 😀", "\u0301", " \u0301a", "a\u0000b", "\u0001\u001f\u007f", "\U0001d400\U0001d401", "\U000e0041",
    "\ue000\uffff\U0010ffff", "ﬁ ﬂ ß", "ǅ ʰ ª º", "_under_score__", "foo_bar(baz)", "if (x==0) {\n\treturn;\n}\n",
    "https://example.org/a?b=c&d=%20", "<|endoftext|>", "a<|endoftext|>b", "<|endoftext|><|endoftext|>",
    " <|endoftext|> ", "<|endoftext", "<|endoftext|", "<|im_start|>user\nhi<|im_end|>\n", "<|im_start|><|im_end|>x",
    "a <mask> b", "a<mask>b", "  <mask>  <mask> ", "x[tool]y", "[tool]", " [tool] ", "[tool]s", "_[tool]", "é[tool]é",
    "cafe\u0301 café", "<caf\u00e9>", "<cafe\u0301>", "aa<sep>  \n b", "<sep> <mask>", "The the the the the",
    "a" * 90, "ab" * 60, " " * 50 + "x", "\n" * 30, "1" * 40, "é" * 30, "!?" * 40,
    "\u0870 \u0c5d \u1c8a \U00010d4a \U0002ebf0 \U00031350", "\U0001ccf0\U00016d70",
]


def random_texts():
    draw = random.Random(11)
    pools = [
        "abc XYZ '\"st", " \t\n\r", "0123456789", "'stremvldSTREMVLD", ".,;:!?()[]{}<>|/\\-+*=_#$%&@~^`",
        "äöüßéèñçøåœ", "абвгде", "中文字符漢字", "あいうカキク", "العربية", "हिन्दी्", "😀🎉🏽👩‍", "\u0301\u0308\u200d\ufe0f",
        "²³½Ⅳ٣५", "\u00a0\u2003\u3000\u2028",
    ]
    texts = []
    for _ in range(120):
        chosen = draw.sample(pools, draw.randint(2, 5))
        texts.append("".join(draw.choice(draw.choice(chosen)) for _ in range(draw.randint(1, 60))))
    for _ in range(40):
        scalars = []
        for _ in range(draw.randint(1, 30)):
            value = draw.randrange(0x110000) if draw.random() < 0.3 else draw.randrange(0x3000)
            # Later than the library's Unicode, or not a scalar.
            scalars.append(value if not 0xD800 <= value < 0xE000 else 0x41)
        texts.append("".join(map(chr, scalars)))
    return texts


def train(pattern, size):
    tokenizer = Tokenizer(models.BPE())
    if pattern == GPT2:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, min_frequency=2, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(corpus(), trainer)
    return tokenizer


def llama3_like():
    # Whole words as tokens that no merge makes: only ignore_merges finds them.
    definition = json.loads(train(LLAMA3, 500).to_str())
    for word in ("Hello", "Ġworld", "ä¸ŃæĸĩåĪĨè¯į"):
        definition["model"]["vocab"][word] = len(definition["model"]["vocab"])
    definition["model"]["ignore_merges"] = True
    tokenizer = Tokenizer.from_str(json.dumps(definition))
    tokenizer.add_special_tokens(["<|endoftext|>", "<|begin|>", "<|im_start|>", "<|im_end|>"])
    begin = tokenizer.token_to_id("<|begin|>")
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(
            single="<|begin|> $A", pair="<|begin|> $A <|begin|>:1 $B:1", special_tokens=[("<|begin|>", begin)]),
    ])
    return tokenizer


def qwen2_like():
    tokenizer = train(QWEN2, 450)
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.add_tokens(["<think>", "</think>"])
    return tokenizer


def options():
    """Whatever else a file may say: digits apart, a space in front, added tokens of every kind."""
    tokenizer = train(GPT2, 400)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=True),
    ])
    tokenizer.add_special_tokens(["<|endoftext|>", AddedToken("<mask>", lstrip=True, special=True)])
    tokenizer.add_tokens([
        AddedToken("[tool]", single_word=True, normalized=False), AddedToken("<sep>", rstrip=True),
        AddedToken("<caf\u00e9>", normalized=True), AddedToken("the the", normalized=True),
    ])
    return tokenizer


def golden(tokenizer, texts):
    draw = random.Random(5)
    size = max(tokenizer.get_vocab().values()) + 1
    sequences = [[draw.randrange(size) for _ in range(draw.randint(1, 12))] for _ in range(60)]
    result = {
        "ids": [tokenizer.encode(t, add_special_tokens=False).ids for t in texts],
        "ids_with_post_processor": [tokenizer.encode(t).ids for t in texts[:40]],
        "decode_ids": sequences,
        "decoded": [tokenizer.decode(s, skip_special_tokens=False) for s in sequences],
        "decoded_without_special": [tokenizer.decode(s, skip_special_tokens=True) for s in sequences],
    }
    tokenizer.encode_special_tokens = True
    result["ids_special_as_text"] = [
        tokenizer.encode(t, add_special_tokens=False).ids for t in texts if "<" in t or "[" in t
    ]
    tokenizer.encode_special_tokens = False
    return result


def scalar_classes():
    """First and last scalar of every range of \\p{L}, \\p{N} and \\s."""
    result = {}
    for name, pattern in (("letter", r"\p{L}"), ("number", r"\p{N}"), ("space", r"\s")):
        split = pre_tokenizers.Split(Regex(pattern), "isolated")
        ranges = []
        for value in range(0x110000):
            if 0xD800 <= value < 0xE000:
                continue
            if len(split.pre_tokenize_str("\x01" + chr(value) + "\x01")) == 3:
                if ranges and ranges[-1][1] + 1 == value:
                    ranges[-1][1] = value
                else:
                    ranges.append([value, value])
        result[name] = ranges
    return result


def write(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / name).write_text(text + "\n", encoding="utf-8")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts = TEXTS + random_texts()
    cases = {"texts": texts}
    for name, tokenizer in (("llama3", llama3_like()), ("qwen2", qwen2_like()), ("options", options())):
        # One in each spelling of merges: "a b" and ["a", "b"].
        definition = json.loads(tokenizer.to_str())
        if name == "qwen2":
            definition["model"]["merges"] = [" ".join(pair) for pair in definition["model"]["merges"]]
        write(f"{name}.tokenizer.json", definition)
        cases[name] = golden(Tokenizer.from_file(str(FOLDER / f"{name}.tokenizer.json")), texts)
    if len(sys.argv) > 1:
        cases["gpt2"] = golden(Tokenizer.from_file(sys.argv[1]), texts)
    write("encodings.json", cases)
    write("scalar-classes.json", scalar_classes())
    trained = {"corpus": corpus()}
    for name, pattern in (("gpt2", GPT2), ("llama3", LLAMA3), ("qwen2", QWEN2)):
        definition = json.loads(train(pattern, 600).to_str())
        trained[name] = {"vocab": definition["model"]["vocab"], "merges": definition["model"]["merges"]}
    write("training.json", trained)


if __name__ == "__main__":
    main()
