"""Decoding takes no memory from the heap once it runs: every call of malloc and its like is counted."""

import json
import os
import shutil
import subprocess

import pytest
from conftest import MODEL, ROOT

SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
static atomic_ulong calls;
void *malloc(size_t n) { calls++; return __libc_malloc(n); }
void *calloc(size_t n, size_t m) { calls++; return __libc_calloc(n, m); }
void *realloc(void *p, size_t n) { calls++; return __libc_realloc(p, n); }
int posix_memalign(void **p, size_t a, size_t n) { calls++; *p = __libc_memalign(a, n); return *p ? 0 : 12; }
void *aligned_alloc(size_t a, size_t n) { calls++; return __libc_memalign(a, n); }
__attribute__((destructor)) static void tell(void) { fprintf(stderr, "allocations %lu\\n", (unsigned long)calls); }
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    compiler = shutil.which("clang") or shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("shim")
    (folder / "count.c").write_text(SHIM)
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", folder / "count.so", folder / "count.c"], check=True)
    return folder / "count.so"


def allocations(shim, *options) -> int:
    binary = os.environ.get("TERNTABLE_BINARY", ROOT / ".build/release/terntable")
    command = [str(binary), "model", "bench", str(MODEL), "--json", *map(str, options)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=300, env={**os.environ, "LD_PRELOAD": str(shim)}
    )
    json.loads(done.stdout)
    return int(done.stderr.split("allocations ")[1])


@pytest.mark.parametrize("batch", [1, 8])
def test_a_decoded_token_allocates_nothing(shim, batch):
    """One sequence, or a step of eight. Optimised builds only."""
    few, many = (
        min(allocations(shim, "--prompt", 16, "--generate", count, "--batch", batch) for _ in range(2))
        for count in (8, 408)
    )
    assert few > 100
    # What a thread of the runtime takes on the side varies by a few.
    assert many - few < 40, f"{(many - few) / 400} allocations a token"
