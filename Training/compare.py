"""Does stock llama.cpp say the same of the bundled files as the program? Tokens, likelihoods, greedy replies.

    python Training/compare.py --binary .build/release/terntable --journals out/evaluate

The replies are those of the evaluation's journals to held-out questions. llama.cpp rounds the activations
before a ternary matrix in blocks of 256 where the tutor was trained with one scale a token, so a rare close
call may fall the other way. Prints one JSON object.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Interop"))

from llama_cpp import Peer, hostile_texts  # noqa: E402

RESOURCES = ROOT / "Sources/Inference/Resources"
TEXT = ROOT / "Training/heldout.txt"
CHAT = "<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"


class Program:
    def __init__(self, binary: str, model: Path):
        self.binary, self.model = binary, str(model)

    def ask(self, command: str, *options: str, text: str = "") -> dict:
        line = [self.binary, "model", command, self.model, "--json", *options]
        return json.loads(subprocess.run(line, check=True, capture_output=True, text=True, input=text).stdout)


def compare_tokens(program: Program, peer: Peer) -> dict:
    texts = list(hostile_texts())
    same = sum(program.ask("tokenize", "--file", "-", text=t)["ids"] == peer.tokenize(t) for t in texts)
    return {"texts": len(texts), "same": same}


def compare_likelihood(program: Program, peer: Peer, count: int) -> dict:
    """Both score the first `count` tokens of heldout.txt."""
    tokens = peer.tokenize(TEXT.read_text())[:count]
    vocabulary = program.ask("info")["vocabulary_size"]
    ids = " ".join(map(str, tokens))
    return {
        "tokens": count,
        "terntable": program.ask("score", "--ids", "-", text=ids)["mean_negative_log_likelihood"],
        "llama_cpp": peer.mean_negative_log_likelihood(tokens, vocabulary),
    }


def first_replies(journals: Path, model: str, count: int) -> list[tuple[str, str]]:
    """Questions and the model's first replies to them, of all families in turn."""
    found = []
    files = sorted(journals.glob(f"*.{model}.unary.*.tern.jsonl"))
    for file in files[:: max(1, len(files) // count)][:count]:
        question = reply = ""
        for event in map(json.loads, file.read_text().splitlines()):
            if event["type"] == "prompt_added" and not question:
                question = event["text"]
            elif event["type"] == "reply_extended":
                reply += event["text"]
            elif event["type"] == "reply_finished":
                break
        found.append((question, reply))
    return found


def compare_replies(replies: list[tuple[str, str]], peer: Peer) -> dict:
    same = 0
    for question, reply in replies:
        body = {"prompt": CHAT.format(question=question), "n_predict": 512, "temperature": 0}
        same += peer.ask("/completion", body)["content"] == reply
    return {"questions": len(replies), "same": same}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--journals", type=Path, required=True)
    parser.add_argument("--replies", type=int, default=180)
    parser.add_argument("--tokens", type=int, default=600)
    options = parser.parse_args()
    result = {}
    for file in sorted(RESOURCES.glob("tutor*.gguf")):
        program, peer = Program(options.binary, file), Peer(str(file))
        result[file.stem] = {
            "tokenizer": compare_tokens(program, peer),
            "likelihood": compare_likelihood(program, peer, options.tokens),
            "replies": compare_replies(first_replies(options.journals, file.stem, options.replies), peer),
        }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
