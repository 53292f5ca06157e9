# Separex: `make run` plays it, `make test` proves it. Each folder is one static library that sees only the floors below.
.DEFAULT_GOAL := all
CC ?= gcc
BUILD ?= build
SAN ?=
VERSION := 0.1.0

PACKAGES := libcurl jansson sqlite3 libqrencode libpng libmicrohttpd icu-uc icu-i18n libsodium talloc inih
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Wswitch-enum \
	-Wformat=2 -Wno-format-nonliteral -Wundef -Wconversion -Wno-sign-conversion
CFLAGS ?= -O2 -g
CFLAGS_ALL := -std=c17 -D_GNU_SOURCE $(WARN) $(CFLAGS) -fstack-protector-strong $(PKG_CFLAGS)
LDFLAGS_ALL := $(LDFLAGS)
ifneq ($(SAN),)
CFLAGS_ALL += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_ALL += -fsanitize=address,undefined
else
CFLAGS_ALL += -D_FORTIFY_SOURCE=2
endif

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

# Lowest last: the order in which the linker wants them.
FOLDERS := bot/app bot/gateway bot/channel handlers bot/picture bot/text bot/net storage bot/port bot/escrow bot/base

lib = $(BUILD)/lib$(subst /,-,$(1)).a
objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c)) $(patsubst %.S,$(BUILD)/%.o,$(wildcard $(1)/*.S))
LIBS := $(foreach f,$(FOLDERS),$(call lib,$(f)))

.PHONY: all run test bench fmt check deps install clean
all: $(BUILD)/separex $(BUILD)/separex-sandbox

define folder
$(call lib,$(1)): $(call objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	ar rcs $$@ $$^
$(BUILD)/$(1)/%.o: $(1)/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS_ALL) -MMD -MP $$(addprefix -I,$(1) $$(sees_$(1))) -c $$< -o $$@
$(BUILD)/$(1)/%.o: $(1)/%.S
	@mkdir -p $$(@D)
	$$(CC) -c $$< -o $$@
endef
$(foreach f,$(FOLDERS) bot tests/sandbox,$(eval $(call folder,$(f))))

$(BUILD)/separex: $(BUILD)/bot/main.o $(LIBS)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

$(BUILD)/separex-sandbox: $(call objects,tests/sandbox) $(call lib,bot/base)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

# One program for each tests/unit/test_*.c and tests/db/test_*.c; each prints TAP for prove.
TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c tests/db/test_*.c))
$(BUILD)/tests/%: tests/%.c $(LIBS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -MF $@.d $(addprefix -I,tests $(sees_tests)) $(LDFLAGS_ALL) -o $@ $< \
		$(LIBS) $(PKG_LIBS) $(shell pkg-config --cflags --libs check)
tests: $(TESTS)

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
