# What people type most. The work is done in Scripts/; swift is always called with the same flags for a configuration, so
# that nothing is built twice.

.DEFAULT_GOAL := help
.PHONY: help setup build test faults soak demo release lint format bench conformance man fuzz sanitize docs foreign clean

# Tools from PyPI that the tests use; they stay inside the work tree.
export PATH := $(CURDIR)/.build/tools/bin:$(PATH)

help: ## List the targets
	@echo 'make TARGET, where TARGET is one of:'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

setup: ## Install from Debian and PyPI what is missing; silent where nothing is
	@Scripts/setup.sh

build: setup ## Build everything for debugging, the tests included
	@Scripts/build.sh debug

test: build ## Run all tests
	@Scripts/test.sh

faults: build ## Meet every fault of the disk and every kill, one after the other (minutes)
	@CLIENTSYNC_FAULTS=all Scripts/test.sh --filter FaultPointTests

soak: setup ## Kill applies and break answers at random, and hold the promise against it (SEEDS=N, FIRST=N; minutes)
	@Scripts/build.sh executable
	@Scripts/soak.py .build/debug/clientsync $(or $(FIRST),1) $(or $(SEEDS),4)

demo: setup ## Show clientsync at work on the examples: plan, apply, drift, repair
	@Scripts/demo.sh

release: setup ## Build the stripped executable .build/release/clientsync
	@Scripts/build.sh release

lint: ## Check the format of the Swift sources
	swift format lint --strict --recursive --parallel Sources Tests Benchmarks Fuzzing Package.swift

format: ## Format the Swift sources
	swift format --in-place --recursive --parallel Sources Tests Benchmarks Fuzzing Package.swift

bench: release ## Measure the release build beside what is known (ONLY=SECTION for one; ROUNDS=N)
	@Benchmarks/run.sh $(ONLY)

conformance: release ## Replay the recorded conversations against the embedded provider
	@Scripts/conformance.sh

man: release ## Write the manual pages to .build/man and check them
	@Scripts/manual.sh

fuzz: setup ## Give the JSON and the YAML reader a million garbled inputs each (RUNS=N for another count)
	@Scripts/fuzz.sh

sanitize: setup ## Run all tests under ThreadSanitizer, then under AddressSanitizer (ONLY=thread or address for one)
	@Scripts/sanitize.sh

docs: setup ## Make the reference of the library products from their comments
	@Scripts/docs.sh

foreign: setup ## Build and test a package that takes the library products from outside
	@Scripts/foreign.sh

clean: ## Remove what was built, and nothing else
	rm -rf .build
