# SPDX-License-Identifier: BSD-2-Clause
#
# What REPOS may name, and what keeps the results of makes with different REPOS apart.

# Characters that make or the shell would take for something else.
DOLLAR := $$
HASH := \#
ODD_CHARACTERS := $(DOLLAR) $(HASH) % : ; * ? [ ] ( ) { } < > | & = ! ~ \ ' " `

# A folder without any of these is most often one above or below a repository.
REPO_FOLDERS := src lib session run include

check_repo = $(foreach c,$(ODD_CHARACTERS),$(if $(findstring $(c),$(1)),\
  $(error REPOS: '$(1)': a path with $(c) cannot be used)))\
  $(if $(wildcard $(1)/.),,$(error REPOS: there is no folder '$(1)' (paths must be without blanks)))\
  $(if $(wildcard $(REPO_FOLDERS:%=$(1)/%/.)),,\
    $(error REPOS: '$(1)' is no repository: it has none of the folders $(REPO_FOLDERS)))

# What is made by 'make new/...' need not be there yet.
ifeq ($(filter new/%,$(MAKECMDGOALS)),)
$(foreach r,$(REPOS),$(call check_repo,$(r)))
endif

override REPOS := $(patsubst %/,%,$(REPOS))

# Makes with other repositories may run at the same time: files that list what there is are
# not theirs.
REPOS_ID :=
ifneq ($(strip $(REPOS)),)
REPOS_ID := .$(firstword $(shell echo '$(REPOS)' | cksum))
endif
VARS_FILE := vars$(REPOS_ID)
export VARS_FILE
