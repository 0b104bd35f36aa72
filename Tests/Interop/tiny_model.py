"""Writes model files around a vocabulary: random numbers nobody looks at, a tokenizer that counts."""

import gguf
import numpy

WIDTH = 256


def write(path, tokens, types, *, model="gpt2", pre=None, merges=None, scores=None, template=None, named=None):
    """A model of one layer; `named` are token ids by purpose (bos, eos …) and flags by name."""
    writer = gguf.GGUFWriter(str(path), "bitnet")
    writer.add_context_length(64)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(WIDTH)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model(model)
    if pre:
        writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    if merges is not None:
        writer.add_token_merges(merges)
    if scores is not None:
        writer.add_token_scores(scores)
    if template is not None:
        writer.add_chat_template(template)
    for name, value in (named or {}).items():
        if isinstance(value, bool):
            writer.add_bool(f"tokenizer.ggml.{name}", value)
        else:
            writer.add_uint32(f"tokenizer.ggml.{name}_token_id", value)
    writer.add_tensor("token_embd.weight", numpy.zeros((len(tokens), WIDTH), numpy.float16))
    # TQ2_0: 64 bytes of codes (1 is zero) and a scale for 256 weights.
    block = numpy.array([0x55] * 64 + [0, 0x28], numpy.uint8)
    for name in ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]:
        rows = numpy.tile(block, (WIDTH, 1))
        writer.add_tensor(f"blk.0.{name}.weight", rows, raw_dtype=gguf.GGMLQuantizationType.TQ2_0)
    for name in ["blk.0.attn_norm", "blk.0.attn_sub_norm", "blk.0.ffn_norm", "blk.0.ffn_sub_norm", "output_norm"]:
        writer.add_tensor(f"{name}.weight", numpy.ones(WIDTH, numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
