"""Writes `Sources/TerminalUI/Text/WidthTable.swift` from the Unicode Character Database, and
`Tests/TerminalUITests/Fixtures/widths.txt` from what PyPI `wcwidth` says of the same scalars.

    python Tests/TerminalUITests/generate/widths.py

The table is ours (East Asian Width and general category, by PyPI `unicodedata2`); the fixture is
another program's opinion, which the tests compare it with. Both are of Unicode 18.
"""

from pathlib import Path
import unicodedata2
import wcwidth

ROOT = Path(__file__).resolve().parents[3]
TABLE = ROOT / "Sources/TerminalUI/Text/WidthTable.swift"
FIXTURE = ROOT / "Tests/TerminalUITests/Fixtures/widths.txt"
LAST = 0x10FFFF

# Default_Ignorable_Code_Point (DerivedCoreProperties.txt) that are letters by category: they are
# fillers, and nothing is drawn for them.
FILLERS = {0x1160, 0x3164, 0xFFA0}
# Prepended_Concatenation_Mark (PropList.txt): format characters that are drawn, under or around the
# digits that follow.
PREPENDED = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
# Clusters of several scalars, those of the list of terminal faults among them.
CLUSTERS = [
    "e\u0301", "\u0939\u093f", "\u0928\u093f", "\u0e01\u0e33", "\u1112\u1161\u11ab",
    "\u2764\ufe0f", "\u26a0\ufe0f", "1\ufe0f\u20e3", "\u00a9\ufe0f", "a\ufe0f",
    "\U0001F469\u200d\U0001F469\u200d\U0001F467", "\U0001F44D\U0001F3FD",
    "\U0001F1E9\U0001F1EA", "\U0001F1E9", "\U0001F3F3\ufe0f\u200d\U0001F308",
    "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F",
    "\u2764\ufe0f\u200d\U0001F525", "\U0001FAE8", "\U0001F9D1\U0001F3FB\u200d\U0001F4BB",
    "\u6f22", "\u304b\u3099", "\uff21", "\uff71", "\u0e44", "\u05e9\u05c1", "Z\u0351\u036b\u0343",
]


def width(value: int) -> int:
    """Cells of one scalar, by its properties alone."""
    character = chr(value)
    if value in FILLERS or 0x1161 <= value <= 0x11FF or 0xD7B0 <= value <= 0xD7FB:
        return 0  # Hangul vowels and final consonants stack under the leading one.
    category = unicodedata2.category(character)
    if value in PREPENDED or value == 0xAD:
        return 1
    if category in ("Mn", "Me", "Cf", "Zl", "Zp"):
        return 0
    wide = unicodedata2.east_asian_width(character) in "WF"
    # A spacing mark takes a cell beside its letter; the few wide ones stand over an ideograph.
    return 0 if wide and category == "Mc" else 2 if wide else 1


def ambiguous(value: int) -> bool:
    """Whether terminals disagree: one cell, or two where Chinese, Japanese and Korean are at home. Lines and blocks
    are drawn in ASCII there, and keep their one cell."""
    is_line = 0x2500 <= value <= 0x259F
    return width(value) == 1 and not is_line and unicodedata2.east_asian_width(chr(value)) == "A"


def runs(of, values):
    """Ranges of neighbours with the same answer: (first, last, answer)."""
    found = []
    for value in values:
        answer = of(value)
        if found and found[-1][1] == value - 1 and found[-1][2] == answer:
            found[-1][1] = value
        else:
            found.append([value, value, answer])
    return found


def swift(name: str, ranges) -> str:
    words = [f"0x{first:04X}, 0x{last:04X}," for first, last in ranges]
    lines, line = [], "   "
    for word in words:
        if len(line) + 1 + len(word) > 100:
            lines.append(line)
            line = "   "
        line += " " + word
    return f"  // swift-format-ignore\n  static let {name}: [UInt32] = [\n" + "\n".join(
        lines + [line]) + "\n  ]\n"


def table() -> str:
    scalars = [value for value in range(0x80, LAST + 1) if not 0xD800 <= value <= 0xDFFF]
    found = runs(width, scalars)
    return (
        "/// Scalars that take no cell or two, or one or two as the terminal has it; all others take one.\n"
        "/// First and last of each range, in order.\n"
        "///\n"
        f"/// Made by `Tests/TerminalUITests/generate/widths.py` from Unicode "
        f"{unicodedata2.unidata_version}; do not edit.\n"
        "enum WidthTable {\n"
        + swift("none", [(a, b) for a, b, w in found if w == 0])
        + "\n"
        + swift("two", [(a, b) for a, b, w in found if w == 2])
        + "\n"
        + swift("ambiguous", [(a, b) for a, b, is_it in runs(ambiguous, scalars) if is_it])
        + "}\n")


def fixture() -> str:
    """`first last width` a line in hexadecimal, then clusters as `scalars width`."""
    def assigned(value):
        # Nor marks that take a cell beside a letter, of which wcwidth says nothing when alone.
        return unicodedata2.category(chr(value)) not in ("Cn", "Co", "Cs", "Cc", "Mc")
    scalars = [value for value in range(0x20, LAST + 1) if assigned(value)]
    lines = [f"# Cells by wcwidth {wcwidth.__version__}, Unicode {wcwidth.list_versions()[-1]}"]
    for first, last, cells in runs(lambda value: wcwidth.wcswidth(chr(value)), scalars):
        lines.append(f"{first:X} {last:X} {cells}")
    for cluster in CLUSTERS:
        lines.append(f"{'+'.join(f'{ord(c):X}' for c in cluster)} {wcwidth.wcswidth(cluster)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    FIXTURE.write_text(fixture(), encoding="utf-8")
