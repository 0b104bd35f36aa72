"""How long a model of the shape of BitNet b1.58 2B-4T takes to be ready, and what it keeps in memory.

    python Benchmarks/load.py --binary .build/release/terntable

Writes the file once (random ternary weights as I2_S, random f16 embeddings, a vocabulary of 128,256
tokens and 280,147 merges as Llama 3's; 1.2 GB) into a temporary folder, or takes `--model FILE`. Loads
it several times with the file in the page cache and prints one JSON object: seconds of the load and of
the whole process (medians), peak resident bytes, and their share of the packed weights.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

import gguf
import numpy as np

WIDTH, FEED_FORWARD, LAYERS, HEADS, KEY_HEADS, VOCABULARY, MERGES = 2560, 6912, 30, 20, 5, 128256, 280147
I2_S = 36


def vocabulary():
    """Tokens that merges make of bytes, as many as Llama 3 has of each."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    extra = iter(range(256, 400))
    letters = [chr(byte) if byte in plain else chr(next(extra)) for byte in range(256)]
    generator, known, merges = random.Random(1), dict.fromkeys(letters), []
    made = list(letters)
    while len(made) < VOCABULARY - 256:
        left, right = generator.choice(made), made[generator.randrange(1 + len(made) // 4)]
        if left + right not in known and len(left + right) < 16:
            known[left + right] = None
            made.append(left + right)
            merges.append(f"{left} {right}")
    for token in made:
        for cut in range(1, len(token)):
            if len(merges) < MERGES and token[:cut] in known and token[cut:] in known:
                merges.append(f"{token[:cut]} {token[cut:]}")
    return made + [f"<|reserved_{number}|>" for number in range(256)], merges


def write(path):
    writer = gguf.GGUFWriter(None, "bitnet-b1.58")
    writer.add_context_length(4096)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(500000.0)
    writer.add_vocab_size(VOCABULARY)
    tokens, merges = vocabulary()
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * (VOCABULARY - 256) + [3] * 256)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(VOCABULARY - 256)
    writer.add_eos_token_id(VOCABULARY - 255)
    key = WIDTH // HEADS * KEY_HEADS
    parts = [("attn_norm", WIDTH, 0), ("attn_q", WIDTH, WIDTH), ("attn_k", key, WIDTH), ("attn_v", key, WIDTH),
             ("attn_sub_norm", WIDTH, 0), ("attn_output", WIDTH, WIDTH), ("ffn_norm", WIDTH, 0),
             ("ffn_gate", FEED_FORWARD, WIDTH), ("ffn_up", FEED_FORWARD, WIDTH),
             ("ffn_sub_norm", FEED_FORWARD, 0), ("ffn_down", WIDTH, FEED_FORWARD)]  # fmt: skip
    tensors = [("token_embd.weight", VOCABULARY, WIDTH)]
    tensors += [(f"blk.{index}.{name}.weight", rows, columns) for index in range(LAYERS) for name, rows, columns in parts]
    tensors.append(("output_norm.weight", WIDTH, 0))
    generator = np.random.default_rng(1)
    # Every byte of four codes below 3.
    bytes_ = np.array([a << 6 | b << 4 | c << 2 | d for a in range(3) for b in range(3) for c in range(3) for d in range(3)], np.uint8)
    for name, rows, columns in tensors:
        if name == "token_embd.weight":
            writer.add_tensor_info(name, (rows, columns), np.dtype(np.float16), rows * columns * 2)
        elif columns:
            writer.add_tensor_info(name, (rows, columns), np.dtype(np.int8), rows * columns // 4 + 32, raw_dtype=I2_S)
        else:
            writer.add_tensor_info(name, (rows,), np.dtype(np.float32), rows * 4)
    writer.write_header_to_file(path)
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    out = writer.fout[0]
    for name, rows, columns in tensors:
        writer.write_padding(out, out.tell())
        if name == "token_embd.weight":
            for start in range(0, rows, 8192):
                count = min(8192, rows - start)
                out.write((generator.standard_normal((count, columns), np.float32) / 50).astype(np.float16).tobytes())
        elif columns:
            out.write(bytes_[generator.integers(0, 81, rows * columns // 4, np.uint8)].tobytes())
            out.write(np.float32(0.02).tobytes() + bytes(28))
        else:
            out.write(generator.uniform(0.5, 1.5, rows).astype(np.float32).tobytes())
    writer.write_padding(out, out.tell())
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--model", help="a model file instead, which is written where it is not there")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(options.model or f"{folder}/2b.gguf")
        if not model.exists():
            print("writing the model", file=sys.stderr)
            write(model)
        loads, wholes, memory = [], [], None
        for number in range(options.rounds + 1):
            print(f"round {number} of {options.rounds}", file=sys.stderr)
            start = time.perf_counter()
            command = [options.binary, "model", "info", str(model), "--memory", "--json"]
            said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            # The first brings the file into the page cache.
            if number:
                wholes.append(time.perf_counter() - start)
                loads.append(said["memory"]["load_seconds"])
            memory = said["memory"]
    print(json.dumps({
        "threads": os.cpu_count(), "load_seconds": statistics.median(loads),
        "process_seconds": statistics.median(wholes), **memory,
        "peak_share_of_weights": memory["peak_resident_bytes"] / memory["weight_bytes"],
    }, indent=2))  # fmt: skip


if __name__ == "__main__":
    main()
