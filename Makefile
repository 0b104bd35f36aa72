# Two commands do all the set-up: `make chat` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Standard input belongs to the program, never to the compiler; colours would make a build for a
# terminal another build than one for a log.
SWIFT_BUILD := swift build --no-color-diagnostics --explicit-target-dependency-import-check error
RELEASE := .build/release/terntable
PYTHON := .venv/bin/python
VENV := .venv/installed
SWIFT_PATHS := Sources Tests Package.swift
# The others in sessions/ are experiments, for `terntable measure`.
SCRIPTS := $(addprefix sessions/,try-again.yaml critique.yaml edit-in-place.yaml three-ways.yaml)

.PHONY: help chat demo release test unit paths interop ci lint format goldens pictures bench bench-curves bench-replay truth train evaluate results libraries

help: ## List these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

chat: release ## Build what is missing and chat with the bundled model
	@$(RELEASE) chat $(ARGS)

demo: release ## Play the scripts of sessions/ and print the friction table
	@rm -rf out/demo && mkdir -p out
	@$(RELEASE) replay --out out/demo $(SCRIPTS) </dev/null >out/demo.txt
	@echo "the conversations are in out/demo.txt, the journals in out/demo" >&2
	@$(RELEASE) report out/demo

release: libraries
	@$(SWIFT_BUILD) -c release --product terntable </dev/null >&2

# ncurses, zlib and SQLite are the only system libraries; everything else comes with Swift.
libraries:
	@Scripts/install-libraries libncurses-dev zlib1g-dev libsqlite3-dev </dev/null >&2

test: release unit paths interop ## Run every test: unit, end to end (tmux), kernels of aarch64, interop (Python)

unit: libraries
	@Scripts/install-libraries tmux procps </dev/null >&2
	$(SWIFT_BUILD) --build-tests </dev/null
	TERNTABLE_BINARY=$(CURDIR)/$(RELEASE) swift test --skip-build </dev/null

paths: ## Compare the kernels of all machines (aarch64 under qemu, AVX-512 under Bochs)
	@Scripts/check-paths </dev/null

interop: release $(VENV)
	@Scripts/install-libraries chromium </dev/null >&2
	$(PYTHON) -m pytest -q Training/tests </dev/null
	TERNTABLE_BINARY=$(CURDIR)/$(RELEASE) $(PYTHON) -m pytest -q Tests/Interop </dev/null

$(VENV): Tests/Interop/requirements.txt
	@Scripts/install-libraries python3-venv </dev/null >&2
	python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r Tests/Interop/requirements.txt
	@touch $(VENV)

ci: lint test ## What the build server runs
	$(MAKE) demo

lint: ## Check the formatting (the house rules are tests)
	swift format lint --strict --recursive $(SWIFT_PATHS)

format: ## Format every Swift file
	swift format --in-place --recursive $(SWIFT_PATHS)

goldens: release ## Record the golden texts again (the run fails; read the diff, then run the tests)
	RECORD_GOLDENS=1 TERNTABLE_BINARY=$(CURDIR)/$(RELEASE) swift test </dev/null

# From the longest conversation of a script that is played anew, so that the pictures show what the bundled model says today.
PICTURE := $(RELEASE) chat --session out/pictures/three-ways.tern.jsonl
pictures: release $(VENV) ## Draw the pictures of the documents again
	@rm -rf out/pictures && mkdir -p out/pictures/journals
	@$(RELEASE) replay --seed 1 --out out/pictures/journals sessions/three-ways.yaml </dev/null >/dev/null
	@cp "$$(ls -S out/pictures/journals/*.tern.jsonl | head -n 1)" out/pictures/three-ways.tern.jsonl
	@$(PICTURE) --size 90x36 --dump-svg docs/pictures/chat.svg
	@$(PICTURE) --size 90x24 --press "Esc e Down End Backspace" --dump-svg docs/pictures/edit.svg
	@$(PICTURE) --size 90x24 --press "Esc Tab" --dump-svg docs/pictures/tree.svg
	@$(PICTURE) --size 90x24 --press "Esc d" --dump-svg docs/pictures/diff.svg
	@$(PICTURE) --size 90x24 --press "Esc Ctrl-P e d i t" --dump-svg docs/pictures/palette.svg
	@$(PICTURE) --size 90x30 --press "Esc M" --dump-svg docs/pictures/friction.svg
	@$(PICTURE) --size 90x24 --inline --dump-svg docs/pictures/inline.svg
	@$(PYTHON) Scripts/pictures.py --binary $(RELEASE) --session out/pictures/three-ways.tern.jsonl

bench-replay: release $(VENV) ## Measure the Feedback Friction protocol beside a llama.cpp server
	$(PYTHON) Benchmarks/replay.py --binary $(RELEASE)

bench: release $(VENV) ## Measure speed beside llama.cpp, write docs/results/speed.md (20 minutes, 1 GB in /tmp)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check matplotlib==3.11.2
	$(PYTHON) Benchmarks/speed.py --binary $(RELEASE) --models 2b 125m tutor --batches 1 4 8 16 --write

bench-curves: release $(VENV) ## Measure contexts up to 8,192 and up to 64 sequences, write docs/results/curves.md (half an hour)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check matplotlib==3.11.2
	$(PYTHON) Benchmarks/curves.py --binary $(RELEASE) --models 2b 125m tutor --write

truth: release $(VENV) ## Compare with llama.cpp, tokenizers and Jinja2 at full length (CI takes a part; 20 minutes)
	TERNTABLE_TRUTH_TOKENS=20000 TERNTABLE_TEXTS=100000 TERNTABLE_CHATS=1000 TERNTABLE_BINARY=$(CURDIR)/$(RELEASE) \
	  $(PYTHON) -m pytest -q -s $(addprefix Tests/Interop/test_,smollm2.py tokenizers.py chat_templates.py) </dev/null

train: $(VENV) ## Train the bundled model (see Training/README.md)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r Training/requirements.txt
	$(PYTHON) Training/train.py
	$(PYTHON) Training/plot.py

results: release ## Run every protocol on the bundled model and its twin; write docs/results
	@Scripts/make-results

# Every number of Training/CARD.md, measured by the program on the bundled files. Other models:
# terntable measure Training/evaluate.yaml --model FILE. Run again after an interruption it goes on
# where it was, unless the weights are others.
EVALUATION := out/evaluate
WEIGHTS := $(sort $(wildcard Sources/Inference/Resources/tutor*.gguf))
BUNDLED := $(sort $(basename $(notdir $(WEIGHTS))))
MEASURE := $(RELEASE) measure Training/evaluate.yaml $(addprefix --model ,$(BUNDLED)) --out $(EVALUATION)

evaluate: release $(VENV) ## Measure the bundled models on held-out problems and write their card
	@if [ -f $(EVALUATION)/weights ] && ! sha256sum --quiet --check $(EVALUATION)/weights; then rm -r $(EVALUATION)*; fi
	@mkdir -p $(EVALUATION)
	@sha256sum $(WEIGHTS) >$(EVALUATION)/weights
	$(MEASURE) </dev/null >$(EVALUATION)/report.txt
	$(RELEASE) report $(EVALUATION) --json >$(EVALUATION)/report.json
	$(RELEASE) measure Training/sizes.yaml --out $(EVALUATION).sizes </dev/null >$(EVALUATION)/sizes.txt
	$(RELEASE) report $(EVALUATION).sizes --json >$(EVALUATION)/sizes.json
	for model in $(BUNDLED); do $(RELEASE) model info $$model --json >$(EVALUATION)/$$model.json; done
	$(PYTHON) Training/compare.py --binary $(RELEASE) --journals $(EVALUATION) >$(EVALUATION)/llama_cpp.json 2>$(EVALUATION)/llama_cpp.log
	$(PYTHON) Training/example.py --binary $(RELEASE) --journals $(EVALUATION) >$(EVALUATION)/example.json
	$(PYTHON) Training/mixture.py --json >$(EVALUATION)/mixture.json
	@# Only where the model was trained; elsewhere the card keeps what was found there.
	if ls Training/runs/data-*/chunk-*.npz >/dev/null 2>&1; then $(MEASURE) --dry-run --json </dev/null \
	  | $(PYTHON) Training/split.py >$(EVALUATION)/split.json; fi
	$(PYTHON) Benchmarks/start.py --binary $(RELEASE) --models $(BUNDLED) >$(EVALUATION)/start.json
	$(PYTHON) Training/card.py $(EVALUATION)
