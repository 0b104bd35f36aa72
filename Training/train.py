"""Trains the tutor phase by phase as config.toml says, and resumes where it stopped.

    python Training/train.py                      all phases, or what is left of them
    python Training/train.py trunk --minutes 30   one phase, stopping early at a checkpoint

Each worker is a process with one thread: on cores that others use too, two
threads of one process would wait for each other in every operation. Weights and
gradients lie in shared memory; workers take parts of a step's tokens until
none is left. The parent writes data ahead and measures held-out accuracy.
"""

import argparse
import os
import signal
import sys
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
# With glibc's defaults every large tensor is mapped and unmapped anew, and
# page faults take most of the time. Both must be set before the process starts.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": "8000000000", "MALLOC_TRIM_THRESHOLD_": "8000000000"}
if __name__ == "__main__" and "MALLOC_MMAP_THRESHOLD_" not in os.environ:
    os.environ.update(MALLOC, OMP_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false")
    os.execv(sys.executable, [sys.executable, *sys.argv])

import torch  # noqa: E402
import torch.multiprocessing as processes  # noqa: E402

from helper import Helper  # noqa: E402
from phase import Phase  # noqa: E402
from worker import Shared, work  # noqa: E402


def run(phase: Phase, minutes: float) -> bool:
    """True when the phase is complete; False when it stopped early."""
    count = 1 if phase.device.type == "cuda" else phase.config["workers"]
    shared = Shared(phase, count)
    helper = Helper(phase)
    deadline = time.monotonic() + 60 * minutes
    context = processes.get_context("spawn")
    signals = Signals(context, count, shared.saved_step)
    arguments = [(phase, shared, signals, index) for index in range(count)]
    workers = [context.Process(target=work, args=a, daemon=True) for a in arguments]
    helper.write_data(signals.step.value)
    for process in workers:
        process.start()
    stop = lambda *_: setattr(signals.stop, "value", True)  # noqa: E731
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while any(process.is_alive() for process in workers):
        if any(process.exitcode for process in workers):
            sys.exit("train.py: a worker failed; the last checkpoint is kept")
        if time.monotonic() > deadline:
            signals.stop.value = True
        helper.write_data(signals.step.value)
        helper.observe()
        time.sleep(0.2)
    if any(process.exitcode for process in workers):
        sys.exit("train.py: a worker failed; the last checkpoint is kept")
    helper.observe(wait=True)
    return phase.is_complete


class Signals:
    """What parent and workers tell each other."""

    def __init__(self, context, count: int, step: int):
        self.step = context.Value("q", step)
        self.taken = context.Value("q", 0)
        self.stop = context.Value("b", False, lock=False)
        # The same for all workers in a step: what `stop` was when the first of them began it.
        self.stopping = context.Value("b", False, lock=False)
        self.barrier = context.Barrier(count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("phases", nargs="*", help="names in config.toml; all by default, in its order")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="for each phase")
    parser.add_argument("--config", type=Path, default=HERE / "config.toml")
    options = parser.parse_args()
    config = tomllib.loads(options.config.read_text())
    torch.set_num_threads(1)
    for name in options.phases or list(config["phase"]):
        phase = Phase(config, name)
        if not phase.is_complete and not run(phase, options.minutes):
            sys.exit(f"train.py: {name} stopped early; run it again to go on")


if __name__ == "__main__":
    main()
