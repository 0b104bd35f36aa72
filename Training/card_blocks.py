"""The parts of the model card that are measured, each a function from results.json to lines of Markdown."""

from collections.abc import Callable, Iterator

NOT_MEASURED = "*Not measured yet: `make evaluate`.*"
FAMILY_ORDER = (
    "multiplication", "addition", "subtraction", "hexadecimal", "grid", "word-problem", "string", "fact", "outside",
)  # fmt: skip
NAMES = {"tutor": "ternary", "tutor-f16": "twin"}
ARMS = {
    "unary": "\"Try again.\"",
    "critique": "critique that names the wrong step",
    "critique-value": "critique with the right step",
    "directional": "which way to go (too high, letter 3 …)",
    "edit": "the wrong step put right in place",
    "challenge": "\"Are you sure?\"",
    "suggestion": "\"I think the answer is X.\", X wrong",
    "false-critique": "critique that calls a right step wrong",
}
Block = Callable[[dict], Iterator[str]]


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def share(row: dict | None, key: str = "share") -> str:
    """84.2 % [81.0, 87.1]"""
    if not row or not row["n"]:
        return "-"
    return f"{percent(row[key])} % [{percent(row['low'])}, {percent(row['high'])}]"


def points(row: dict, sign: int = 1) -> str:
    """A difference of shares with its interval; `sign` -1 turns it round."""
    low, high = sorted((sign * row["low"], sign * row["high"]))
    return f"{100 * sign * row['difference']:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]"


def models(results: dict) -> list[str]:
    return [name for name in NAMES if name in results["models"]]


def first(results: dict, model: str, family: str) -> dict | None:
    rows = (r for r in results.get("first", ()) if (r["model"], r["family"]) == (model, family))
    return next(rows, None)


def kind(results: dict, model: str, arm: str) -> dict | None:
    return next((r for r in results.get("feedback", ()) if (r["model"], r["arm"]) == (model, arm)), None)


def between_arms(results: dict, model: str, a: str, b: str) -> tuple[dict, int] | None:
    """The paired comparison of two arms of a model, and the sign that makes it a minus b."""
    for row in results.get("comparisons", ()):
        if row["a"]["model"] == row["b"]["model"] == model and {row["a"]["arm"], row["b"]["arm"]} == {a, b}:
            return row, 1 if row["a"]["arm"] == a else -1
    return None


def measured(key: str) -> Callable[[Block], Block]:
    """A block that says so when its section of the results is not there."""

    def wrap(block: Block) -> Block:
        def either(results: dict) -> Iterator[str]:
            yield from block(results) if results.get(key) else iter([NOT_MEASURED])

        return either

    return wrap


@measured("models")
def facts(results: dict) -> Iterator[str]:
    yield "| | " + " | ".join(f"`{name}.gguf`" for name in models(results)) + " |"
    yield "|---" * (1 + len(models(results))) + "|"
    infos = [results["models"][name] for name in models(results)]
    width = infos[0]["embedding_length"]
    matrices = infos[0]["block_count"] * (4 * width**2 + 3 * width * infos[0]["feed_forward_length"])
    rows = {
        "Bytes": lambda i: f"{i['file_bytes']:,}",
        "Tensors": lambda i: ", ".join(f"{n} {t}" for t, n in sorted(i["tensor_types"].items())),
        "Parameters": lambda i: f"{i['parameters']:,}, {matrices:,} of them in matrices",
        "Shape": lambda i: f"{i['block_count']} layers, width {i['embedding_length']}, feed-forward "
        f"{i['feed_forward_length']}, {i['head_count']} heads, context {i['context_length']}",
        "SHA-256": lambda i: f"`{i['sha256'][:16]}…`",
    }
    for name, value in rows.items():
        yield f"| {name} | " + " | ".join(map(value, infos)) + " |"


@measured("training")
def training(results: dict) -> Iterator[str]:
    yield "| Phase | Steps | Tokens since the trunk's first step | Step time since then | Loss, last 100 steps |"
    yield "|---|---|---|---|---|"
    for phase, row in results["training"].items():
        time = f"{row['seconds']:,} s, {row['seconds'] / 3600:.2f} h"
        yield f"| {phase} | {row['step']:,} | {row['tokens']:,} | {time} | {row['loss']:.3f} |"


@measured("mixture")
def mixture(results: dict) -> Iterator[str]:
    families, episodes = (sorted(results["mixture"][k].items(), key=lambda r: -r[1]) for k in ("families", "episodes"))
    yield "| Family | Share | | Episode | Share |"
    yield "|---|---|---|---|---|"
    for place in range(max(len(families), len(episodes))):
        cells = [f"{r[place][0]} | {r[place][1]:.0%}" if place < len(r) else " | " for r in (families, episodes)]
        yield f"| {cells[0]} | | {cells[1]} |"
    yield ""
    yield f"{results['mixture']['learnt']:.0%} of the tokens are learnt, the others are only read."


@measured("split")
def split(results: dict) -> Iterator[str]:
    row = results["split"]
    found = sum(row["found"].values())
    yield (
        f"All {row['chunks']} files of training data of this run, {row['messages']:,} messages, were searched for the "
        f"{row['problems']:,} problems of the evaluation: by {row['questions']:,} questions and {row['solutions']:,} "
        f"worked solutions, **{found} found**; {len(row['on_the_wrong_side'])} of the problems are on the wrong side of the split."
    )


@measured("first")
def skills(results: dict) -> Iterator[str]:
    names = models(results)
    yield "| Family, difficulty | Items | " + " | ".join(f"{NAMES[m]}: right at first" for m in names) + " | no answer |"
    yield "|---" * (3 + len(names)) + "|"
    for family in FAMILY_ORDER:
        rows = [first(results, m, family) for m in names]
        if rows[0]:
            cells = " | ".join(map(share, rows))
            silent = " / ".join(str(r["unanswered"]) for r in rows if r)
            yield f"| {family}, {rows[0]['difficulty']} | {rows[0]['n']} | {cells} | {silent} |"


@measured("sizes")
def sizes(results: dict) -> Iterator[str]:
    yield "| Family | Other difficulties, ternary: right at first |"
    yield "|---|---|"
    for family in FAMILY_ORDER:
        rows = [row for row in results["sizes"] if row["family"] == family]
        if rows:
            cells = (f"`{row['difficulty']}` {share(row)} of {row['n']}" for row in rows)
            yield f"| {family} | {'; '.join(cells)} |"


@measured("feedback")
def friction(results: dict) -> Iterator[str]:
    names = models(results)
    for of, title, action in (
        ("wrong", "Feedback on a wrong first reply", "right after it"),
        ("right", "Doubt of a right first reply", "wrong after it"),
    ):
        same = " | same answer again" if of == "wrong" else ""
        yield f"| {title} | " + " | ".join(f"{NAMES[m]}: {action}{same}" for m in names) + " |"
        yield "|---" * (1 + len(names) * (2 if same else 1)) + "|"
        for arm, words in ARMS.items():
            rows = [kind(results, m, arm) for m in names]
            if not rows[0] or rows[0]["of"] != of:
                continue
            cells = []
            for row in rows:
                cells.append(f"{row['count']} of {row['n']}, {share(row)}" if row else "-")
                if same:
                    cells.append(f"{percent(row['stuck'] / row['n'])} %" if row and row["n"] else "-")
            yield f"| {words} | " + " | ".join(cells) + " |"
        yield ""


@measured("by_family")
def by_family(results: dict) -> Iterator[str]:
    arms = [arm for arm in ARMS if any(arm in row["arms"] for row in results["by_family"])]
    rows = {(row["model"], row["family"]): row["arms"] for row in results["by_family"]}
    yield "| Family | " + " | ".join(arms) + " |"
    yield "|---" * (1 + len(arms)) + "|"
    for model in models(results):
        for family in FAMILY_ORDER:
            if (model, family) not in rows:
                continue
            cells = []
            for arm in arms:
                row = rows[model, family].get(arm)
                wrong, right = (row["wrong"], row["right"]) if row else (0, 0)
                cells.append(f"{row['right_after']}/{wrong}" if wrong else f"-{row['lost']}/{right}" if right else "")
            yield f"| {family}{', twin' if model != 'tutor' else ''} | " + " | ".join(cells) + " |"


@measured("comparisons")
def paired(results: dict) -> Iterator[str]:
    yield "| Points, on the same wrong replies | " + " | ".join(NAMES[m] for m in models(results)) + " |"
    yield "|---" * (1 + len(models(results))) + "|"
    for a, b in (("critique", "unary"), ("critique-value", "unary"), ("directional", "unary"), ("edit", "unary")):
        cells = []
        for model in models(results):
            found = between_arms(results, model, a, b)
            p = f"p {found[0]['mcnemar_p']:.2g}" if found else ""
            cells.append(f"{points(*found)}, {found[0]['pairs']} pairs, {p}" if found else "-")
        yield f"| {a} minus {b} | " + " | ".join(cells) + " |"


@measured("comparisons")
def twins(results: dict) -> Iterator[str]:
    rows = [r for r in results["comparisons"] if r["a"]["model"] != r["b"]["model"]]
    if not rows:
        yield NOT_MEASURED
        return
    yield "| Ternary minus twin, points | Difference | Questions | p (McNemar) |"
    yield "|---|---|---|---|"
    for row in rows:
        sign = 1 if row["a"]["model"] == "tutor" else -1
        arm = row["a"]["arm"]
        # All arms share the first replies.
        words = row["measure"] if row["measure"] == "right at first" else f"{row['measure']}, {ARMS.get(arm, arm)}"
        yield f"| {words} | {points(row, sign)} | {row['pairs']} | {row['mcnemar_p']:.2g} |"


@measured("llama_cpp")
def llama_cpp(results: dict) -> Iterator[str]:
    yield "| | Same tokens | Nats a token: Terntable, llama.cpp | Difference | Same greedy reply |"
    yield "|---|---|---|---|---|"
    for name, row in results["llama_cpp"].items():
        ours, theirs = row["likelihood"]["terntable"], row["likelihood"]["llama_cpp"]
        tokens, replies = row["tokenizer"], row["replies"]
        yield (
            f"| {name} | {tokens['same']} of {tokens['texts']} texts | {ours:.4f}, {theirs:.4f} "
            f"({row['likelihood']['tokens']} tokens) | {100 * (ours / theirs - 1):+.3f} % "
            f"| {replies['same']} of {replies['questions']} |"
        )


@measured("start")
def speed(results: dict) -> Iterator[str]:
    yield "| | First token after the program is started, ms | Decoding, tokens a second |"
    yield "|---|---|---|"
    for name, row in results["start"]["models"].items():
        cells = [
            f"{r['median']:,.0f} ({r['low']:,.0f} to {r['high']:,.0f}, {r['rounds']} rounds)"
            for r in (row["first_token_milliseconds"], row["decode_tokens_per_second"])
        ]
        yield f"| {name} | " + " | ".join(cells) + " |"
    start = results["start"]
    yield ""
    yield f"{start['cores']} cores, load average {start['load_before']:.1f} before it began; decoding on one thread."


@measured("first")
def aims(results: dict) -> Iterator[str]:
    yield "| Aim | Measured | Met |"
    yield "|---|---|---|"
    rows = [r for f in FAMILY_ORDER if (r := first(results, "tutor", f))]
    between = [r["family"] for r in rows if 0.35 <= r["share"] <= 0.85]
    yield aim("right at first between 35 and 85 %: four families", f"{len(between)}: {', '.join(between)}", len(between) >= 4)
    for arm, words in (("critique", "naming the wrong step"), ("critique-value", "naming the wrong step and the right one")):
        if found := between_arms(results, "tutor", arm, "unary"):
            row, sign = found
            low = min(sign * row["low"], sign * row["high"])
            value = f"{points(row, sign)} points, {row['pairs']} pairs"
            yield aim(f"a critique {words} recovers more than \"Try again.\", paired", value, low > 0)
    if edit := kind(results, "tutor", "edit"):
        yield aim("a corrected prefix ends right: 80 %", f"{share(edit)}, {edit['count']} of {edit['n']}", edit["share"] >= 0.8)
    if start := results.get("start", {}).get("models", {}).get("tutor"):
        first_token = start["first_token_milliseconds"]["median"]
        decode = start["decode_tokens_per_second"]["median"]
        yield aim("first token within 150 ms of starting the program", f"{first_token:.0f} ms", first_token <= 150)
        yield aim("decoding above 5,000 tokens a second", f"{decode:,.0f}", decode > 5000)
    info = results["models"]["tutor"]
    yield aim("file at most 6 MB", f"{info['file_bytes'] / 1e6:.2f} MB", info["file_bytes"] <= 6e6)
    yield aim("context of 1024 tokens", str(info["context_length"]), info["context_length"] >= 1024)
    if peer := results.get("llama_cpp", {}).get("tutor"):
        off = peer["likelihood"]["terntable"] / peer["likelihood"]["llama_cpp"] - 1
        tokens = peer["tokenizer"]
        yield aim(
            "stock llama.cpp: the same tokens, likelihood within 1 %",
            f"{tokens['same']} of {tokens['texts']} texts, {100 * off:+.3f} %",
            tokens["same"] == tokens["texts"] and abs(off) <= 0.01,
        )


def aim(words: str, value: str, met: bool) -> str:
    return f"| {words} | {value} | {'yes' if met else '**no**'} |"


@measured("recipes")
def recipes(results: dict) -> Iterator[str]:
    words = {
        "absmean": "absmean of the matrix (BitNet b1.58)",
        "learned": "learned scale of each row (LSQ, ParetoQ, TernaryLLM)",
        "tequila": "absmean and dead-zone biases that fade out (after Tequila)",
    }
    yield "| Recipe | Loss | Held out, right at first, % | Nats a token | Minus absmean |"
    yield "|---|---|---|---|---|"
    for name, row in results["recipes"]["recipes"].items():
        right, low, high = row["held_out_percent_right_wilson_95"]["all"]
        mean, half = row["held_out_nats_a_token"]
        less = "{:.4f} ± {:.4f}".format(*row["minus_absmean"]) if name != "absmean" else ""
        loss = list(row["loss_by_step"].values())[-1]
        yield f"| {words[name]} | {loss:.3f} | {right} [{low}, {high}] | {mean:.3f} ± {half:.3f} | {less} |"


@measured("example")
def example(results: dict) -> Iterator[str]:
    yield "```"
    yield from results["example"]["text"].strip("\n").split("\n")
    yield "```"


BLOCKS: dict[str, Block] = {
    "facts": facts, "training": training, "mixture": mixture, "split": split, "skills": skills, "sizes": sizes,
    "friction": friction, "by-family": by_family, "paired": paired, "twins": twins, "llama-cpp": llama_cpp,
    "speed": speed, "aims": aims, "recipes": recipes, "example": example,
}  # fmt: skip
