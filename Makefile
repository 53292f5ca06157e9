# Separex: `make run` plays it, `make test` proves it. Each folder is one static library that sees only the floors below.
.DEFAULT_GOAL := all
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build
SAN ?=
VERSION := 0.1.0
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= /lib/systemd/system
# `make V=1` shows the whole commands.
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)' &&)

# The Debian packages that running needs, and those that testing and checking need beside them.
DEPS_RUN := gcc libc6-dev make pkg-config ca-certificates libcurl4-openssl-dev libjansson-dev libsqlite3-dev libpq-dev \
	libqrencode-dev libdeflate-dev libmicrohttpd-dev libicu-dev libsodium-dev libtalloc-dev libinih-dev \
	libxml2-dev libpango1.0-dev libcairo2-dev fontconfig fonts-noto-core
DEPS_TEST := check libpng-dev perl nodejs npm chromium fonts-noto-color-emoji zbar-tools imagemagick poppler-utils sqlite3 postgresql curl \
	clang clang-format clang-tidy libclang-rt-14-dev cppcheck

PACKAGES := libcurl jansson libxml-2.0 sqlite3 libpq libqrencode libdeflate libmicrohttpd icu-uc icu-i18n libsodium talloc inih \
	pangocairo pangoft2 cairo fontconfig
# Asked once, when the first file is compiled: `make deps run` may have installed pkg-config until then.
pkg = $(or $(shell pkg-config $(1) $(PACKAGES)),$(error A library is missing: `make deps` installs what is needed))
PKG_CFLAGS = $(eval PKG_CFLAGS := $(call pkg,--cflags))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $(call pkg,--libs))$(PKG_LIBS)

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Wswitch-enum \
	-Wformat=2 -Wno-format-nonliteral -Wundef -Wconversion -Wno-sign-conversion
CFLAGS ?= -O2 -g
CFLAGS_TIDY = -std=c17 -D_GNU_SOURCE -DSEPAREX_VERSION='"$(VERSION)"' $(PKG_CFLAGS)
# What makes a mistake of ours harder to use: tests/check/hardening.sh looks for each of these in the program.
INTEL := $(filter x86_64,$(shell uname -m))
HARD := -fPIE -fstack-protector-strong -fstack-clash-protection $(if $(INTEL),-fcf-protection=full)
CFLAGS_ALL = -std=c17 -D_GNU_SOURCE -DSEPAREX_VERSION='"$(VERSION)"' $(WARN) $(CFLAGS) $(HARD) $(PKG_CFLAGS)
LDFLAGS_ALL := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed $(LDFLAGS)
ifneq ($(SAN),)
CFLAGS_ALL += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_ALL += -fsanitize=address,undefined
else
CFLAGS_ALL += -D_FORTIFY_SOURCE=2
endif
# With FUZZ=1 (and SAN=1, clang) libFuzzer sees which way the code goes.
FUZZ ?=
CFLAGS_ALL += $(if $(FUZZ),-fsanitize=fuzzer-no-link)

# The floors (docs/architecture.md). A folder sees the folders named here and itself; anything else does not compile.
sees_bot/base :=
sees_bot/escrow := bot/base
sees_bot/port := bot/base
sees_storage := bot/base bot/escrow bot/port
sees_bot/net := bot/base bot/escrow bot/port
sees_bot/text := bot/base bot/escrow bot/port
sees_bot/picture := bot/base bot/escrow bot/port
sees_handlers := bot/base bot/escrow bot/port storage bot/text bot/picture
sees_bot/channel := bot/base bot/escrow bot/port
sees_bot/gateway := bot/base bot/escrow bot/port
sees_bot/app := $(sees_handlers) bot/net handlers bot/channel bot/gateway
sees_bot := $(sees_bot/app) bot/app
sees_tests/sandbox := bot/base
sees_tests := $(sees_bot)
sees_tests/sim := $(sees_bot) tests/sandbox

# Lowest last: the order in which the linker wants them.
FOLDERS := bot/app bot/gateway bot/channel handlers bot/picture bot/text bot/net storage bot/port bot/escrow bot/base

lib = $(BUILD)/lib$(subst /,-,$(1)).a
objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c)) $(patsubst %.S,$(BUILD)/%.o,$(wildcard $(1)/*.S))
LIBS := $(foreach f,$(FOLDERS),$(call lib,$(f)))

.PHONY: all tests fuzzers fuzz run test sim sim-bugs bench fmt check deps deps-run deps-test install clean floors tidy check-unit
all: $(BUILD)/separex $(BUILD)/separex-sandbox

define folder
$(call lib,$(1)): $(call objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(call say,AR,$$@) ar rcs $$@ $$^
$(BUILD)/$(1)/%.o: $(1)/%.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$<) $$(CC) $$(CFLAGS_ALL) -MMD -MP $$(addprefix -I,$(1) $$(sees_$(1))) -c $$< -o $$@
$(BUILD)/$(1)/%.o: $(1)/%.S $$(wildcard $(1)/*.html $(1)/*.css $(1)/*.js $(1)/migrations/*.sql)
	@mkdir -p $$(@D)
	$$(call say,AS,$$<) $$(CC) -Wa,--noexecstack -c $$< -o $$@
$(BUILD)/$(1)/%.tidy: $(1)/%.c $(BUILD)/$(1)/%.o .clang-tidy
	$$(call say,TIDY,$$<) clang-tidy --quiet $$< -- $$(CFLAGS_TIDY) $$(addprefix -I,$(1) $$(sees_$(1))) 2>$$@.log || \
		{ cat $$@.log; false; }
	@touch $$@
endef
$(foreach f,$(FOLDERS) bot tests/sandbox tests/sim,$(eval $(call folder,$(f))))

$(BUILD)/separex: $(BUILD)/bot/main.o $(LIBS)
	$(call say,LD,$@) $(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS) -lm

$(BUILD)/separex-sandbox: $(call objects,tests/sandbox) $(call lib,bot/base)
	$(call say,LD,$@) $(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

# The simulator: the whole program, the sandbox's banks without their sockets, and a world around them.
SIM_BANKS := $(filter-out %/main.o %/server.o %/bank_callback.o,$(call objects,tests/sandbox))
$(BUILD)/separex-sim: $(call objects,tests/sim) $(SIM_BANKS) $(LIBS)
	$(call say,LD,$@) $(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS) -lm

# One program for each tests/unit/test_*.c and tests/db/test_*.c; each prints TAP for prove.
TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c tests/db/test_*.c))
$(BUILD)/tests/%: tests/%.c $(LIBS)
	@mkdir -p $(@D)
	$(call say,CC,$<) $(CC) $(CFLAGS_ALL) -MMD -MP -MF $@.d $(addprefix -I,tests $(sees_tests)) $(LDFLAGS_ALL) -o $@ $< \
		$(LIBS) $(PKG_LIBS) $(shell pkg-config --cflags --libs check libpng)
# One program for each tests/fuzz/fuzz_*.c: it replays its corpus as TAP, or with FUZZ=1 is run by libFuzzer.
FUZZERS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAY := $(if $(FUZZ),,$(BUILD)/tests/fuzz/replay.o)
$(BUILD)/tests/fuzz/replay.o: tests/fuzz/replay.c
	@mkdir -p $(@D)
	$(call say,CC,$<) $(CC) $(CFLAGS_ALL) -MMD -MP $(addprefix -I,$(sees_tests)) -c $< -o $@
$(BUILD)/tests/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(REPLAY) $(LIBS)
	@mkdir -p $(@D)
	$(call say,CC,$<) $(CC) $(CFLAGS_ALL) -MMD -MP -MF $@.d $(addprefix -I,tests $(sees_tests)) $(LDFLAGS_ALL) -o $@ $< \
		$(if $(FUZZ),-fsanitize=fuzzer) $(REPLAY) $(LIBS) $(PKG_LIBS) -lm
fuzzers: $(FUZZERS)
tests: $(TESTS) $(FUZZERS)

deps: deps-run deps-test
deps-run:
	@sh .ci/deps $(DEPS_RUN)
deps-test: deps-run
	@sh .ci/deps $(DEPS_TEST)

run:
	@$(MAKE) --no-print-directory -j2 all
	@BUILD=$(BUILD) sh tests/sandbox/run.sh

# Plain and under ASan + UBSan, both through every test.
test:
	@$(MAKE) --no-print-directory -j2 all tests $(BUILD)/separex-sim
	@$(MAKE) --no-print-directory -j2 all tests $(BUILD)/san/separex-sim BUILD=$(BUILD)/san SAN=1
	@sh tests/with_postgres.sh $(BUILD)/postgres sh tests/run.sh $(BUILD) $(BUILD)/san

# Histories with all that goes wrong, one for each seed (docs/simulator.md); and the proof that they can find something.
SEEDS ?= 100
DAYS ?= 3
sim:
	@$(MAKE) --no-print-directory -j2 $(BUILD)/separex-sim
	@$(BUILD)/separex-sim --seeds $(SEEDS) --days $(DAYS)
sim-bugs:
	@sh tests/sim/bugs.sh $(BUILD)

# Searches for new inputs, each target SECONDS long, two at a time; finds stay in $(BUILD)/fuzz (docs/fuzzing.md).
SECONDS ?= 60
TARGETS ?=
fuzz:
	@$(MAKE) --no-print-directory -j2 fuzzers CC=clang BUILD=$(BUILD)/fuzzers SAN=1 FUZZ=1
	@sh tests/fuzz/run.sh $(BUILD)/fuzzers $(BUILD)/fuzz $(SECONDS) $(TARGETS)

bench:
	@$(MAKE) --no-print-directory -j2 all
	@BUILD=$(BUILD) sh tests/bench/run.sh

C_FOLDERS := $(FOLDERS) bot tests/sandbox tests/sim
C_FILES = $(wildcard $(addsuffix /*.[ch],$(C_FOLDERS) tests tests/unit tests/db tests/bench tests/fuzz))
TIDY = $(patsubst %.c,$(BUILD)/%.tidy,$(wildcard $(addsuffix /*.c,$(C_FOLDERS))))
fmt:
	clang-format -i $(C_FILES)

check:
	@clang-format --dry-run -Werror $(C_FILES)
	@sh tests/check/sizes.sh $(C_FILES)
	@sh tests/check/words.sh
	@sh tests/check/keys.sh
	@$(MAKE) --no-print-directory -j2 all tests CC=gcc
	@$(MAKE) --no-print-directory -j2 all tests CC=clang BUILD=$(BUILD)/clang
	@sh tests/check/hardening.sh $(BUILD)/separex $(BUILD)/clang/separex
	@sh tests/check/security.sh
	@sh tests/check/floors.sh $(BUILD)
	@sh tests/check/money.sh $(BUILD)
	@sh tests/check/cppcheck.sh $(BUILD)
	@$(MAKE) --no-print-directory -j2 tidy CC=clang BUILD=$(BUILD)/clang
tidy: $(TIDY)

# The sandbox of docs/separex.service, tried out with whole deals: a minute and more, so not a part of check.
check-unit:
	@$(MAKE) --no-print-directory -j2 all
	@sh tests/check/unit_file.sh $(BUILD)

# For tests/check: each folder and what it sees.
floors:
	@$(foreach f,$(C_FOLDERS),echo '$(f) $(sees_$(f))';)

install:
	@$(MAKE) --no-print-directory -j2 $(BUILD)/separex
	install -D -m 755 $(BUILD)/separex $(DESTDIR)$(PREFIX)/bin/separex
	install -d $(DESTDIR)$(PREFIX)/share/separex/locales $(DESTDIR)$(SYSCONFDIR)/separex $(DESTDIR)$(UNITDIR)
	install -m 644 locales/*.json $(DESTDIR)$(PREFIX)/share/separex/locales
	sed 's|@PREFIX@|$(PREFIX)|g; s|@SYSCONFDIR@|$(SYSCONFDIR)|g' docs/separex.service \
		> $(DESTDIR)$(UNITDIR)/separex.service
	test -e $(DESTDIR)$(SYSCONFDIR)/separex/separex.conf || { \
		sed 's|^locales = .*|locales = $(PREFIX)/share/separex/locales|' config.example \
			> $(DESTDIR)$(SYSCONFDIR)/separex/separex.conf && \
		chmod 600 $(DESTDIR)$(SYSCONFDIR)/separex/separex.conf; }

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
