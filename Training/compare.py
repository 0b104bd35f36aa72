"""Does stock llama.cpp say the same as reference.py? Greedy replies to held-out questions, side by side.

    python Training/compare.py MODEL.gguf

llama.cpp rounds activations in blocks of 256 where the tutor was trained with
one scale a token, so a rare close call may fall the other way.
"""

import argparse
import json
from pathlib import Path
from random import Random

import xllamacpp

from dialogues import SIZES, choose, user
from export import load_model
from families import FAMILIES
from reference import generate


def start_server(path: Path) -> xllamacpp.Server:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = 1024
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.warmup = False
    return xllamacpp.Server(parameters)


def chat(server: xllamacpp.Server, prompt: str) -> str:
    request = {"prompt": prompt, "max_tokens": 420, "temperature": 0}
    answer = server.handle_completions(request)
    answer = json.loads(answer) if isinstance(answer, (str, bytes)) else answer
    return answer["choices"][0]["text"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    (model, encoder), server = load_model(options.model), start_server(options.model)
    rng = Random("compare")
    questions = []
    for place in range(options.count):
        name = list(FAMILIES)[place % len(FAMILIES)]
        questions.append(FAMILIES[name].draw(rng, choose(rng, SIZES[name]), held_out=True).question)
    questions += ["hello", "What can you do?"]
    prompts = [encoder.prompt([user(q)]) for q in questions]
    ours = [encoder.tokenizer.decode(r) for r in generate(model, prompts, encoder.end)]
    same = 0
    for question, mine in zip(questions, ours):
        theirs = chat(server, f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n")
        same += mine == theirs
        if mine != theirs:
            print(f"--- {question}\nreference: {mine!r}\nllama.cpp: {theirs!r}")
    print(json.dumps({"questions": len(questions), "same": same}))


if __name__ == "__main__":
    main()
