# SPDX-License-Identifier: BSD-2-Clause
#
# Searches with Spin, for scripts that check a model; they set before:
#
#   SUITE     name of the check
#   MODEL     the model's files, from the root of the tree; the first one is the whole
#   MODEL_CC  options for the compiler of its searches
#
# A search counts only with "errors: 0", if it was not cut short, without bitstate
# hashing. Goes to a folder of its own.

root=$PWD
work=build/check/$SUITE
rm -rf "$work" && mkdir -p "$work" && cd "$work" || exit 1

# verdict CASE [COMPLAINT]
verdict()
{
	if [ -z "$2" ]; then
		echo "ok $SUITE.$1"
	else
		echo "FAIL $SUITE.$1: $2"
	fi
}

# build NAME SPIN_FLAGS CC_FLAGS
build()
{
	mkdir -p "$1"
	for model_file in $MODEL; do
		cp "$root/$model_file" "$1" || return 1
	done
	(cd "$1" && model_whole=${MODEL%% *} && spin $2 -a "${model_whole##*/}" &&
	 gcc $MODEL_CC -w -I. $3 -o pan pan.c) >"$1.log" 2>&1
}

# search NAME SPIN_FLAGS CC_FLAGS PAN_FLAGS
search()
{
	build "$1" "$2" "$3" && "$1/pan" -E $4 >"$1.log" 2>&1
	sed -n 's/^ *\([0-9]*\) states, stored.*/# \1 states/p' "$1.log"
}

# complaint LOG: what is wrong with a search that should be complete and clean
complaint()
{
	if ! grep -q 'errors: 0' "$1"; then
		grep -m 1 -E '^pan:1|errors:|rror' "$1" || echo "no result"
	elif grep -qiE 'too small|not completed|out of memory|bit statespace|hash factor' "$1"; then
		echo "search was cut short"
	fi
}

# unreached LOG: what a search did not reach, once each
unreached()
{
	awk '/^unreached in/ { where = $4 }
	     /^\t.*, state [0-9]+, / { sub(/.*, state [0-9]+, /, ""); print where, $0 }' "$1" | sort -u
}

# refuted NAME SPIN_FLAGS CC_FLAGS PAN_FLAGS EXPECTED: a built-in mistake is found
refuted()
{
	search "mistake-$1" "$2" "$3" "$4" >/dev/null
	if grep -q "^pan:1: $5" "mistake-$1.log"; then
		verdict "mistake-$1"
	else
		verdict "mistake-$1" "not found: $(grep -m 1 '^pan:1:' "mistake-$1.log")"
	fi
}
