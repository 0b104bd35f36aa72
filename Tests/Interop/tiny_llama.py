"""A Llama model of a few thousand random weights and a tokenizer of bytes: small enough to train in
seconds, built here so that nothing is downloaded."""

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    LlamaForTokenClassification,
    PreTrainedTokenizerFast,
)

# A token is a byte, so conversations are long.
CONTEXT = 8192

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def tokenizer():
    """One token a byte, ChatML around the turns."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    bytes_only = Tokenizer(models.BPE({letter: number for number, letter in enumerate(letters)}, []))
    bytes_only.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytes_only.decoder = decoders.ByteLevel()
    bytes_only.add_special_tokens(["<|im_start|>", "<|im_end|>", "<|pad|>"])
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=bytes_only, eos_token="<|im_end|>", pad_token="<|pad|>"
    )
    wrapped.chat_template = CHAT_TEMPLATE
    return wrapped


def _configuration(words, **more):
    return LlamaConfig(
        vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=CONTEXT,
        pad_token_id=words.pad_token_id, eos_token_id=words.eos_token_id, **more,
    )  # fmt: skip


def language_model(words):
    torch.manual_seed(1)
    return LlamaForCausalLM(_configuration(words))


def step_judge(words):
    """A model that finds each token right or wrong, as TRL's process reward trainer wants one."""
    torch.manual_seed(1)
    return LlamaForTokenClassification(_configuration(words, num_labels=2))
