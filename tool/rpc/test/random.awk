# SPDX-License-Identifier: BSD-2-Clause
#
# A random interface that is right: awk -v name=NAME -v seed=N -f random.awk

function below(n) { return int(rand() * n) }

function pick(list,   word, n) {
	n = split(list, word, " ")
	return word[1 + below(n)]
}

# A name that is new in its scope: odd ones, short ones, with digits.
function fresh() { return pick("a in out msg x9 the_ status tag block data") "n" ++names }

function scalar() { return pick("u8 u16 u32 u64 i32 i64 bool " types) }

# At most four fields: 256 bytes in structs, and 4 x 50 bytes of content.
function field(   roll) {
	roll = below(10)
	if (roll == 0) return fresh() ": cap"
	if (roll == 1) return fresh() ": string<" 1 + below(40) ">"
	if (roll == 2) return fresh() ": bytes<" 1 + below(40) ">"
	return fresh() ": " scalar()
}

# Members of a struct; "filled" is an upper bound of their size.
function members(n,   line, kind) {
	filled = 0
	for (; n; n--) {
		kind = scalar()
		if (filled + (size[kind] ? size[kind] : 8) > 64)
			kind = "u8"
		filled += size[kind] ? size[kind] : 8
		line = line " | " fresh() ": " kind
	}
	return line
}

function fields(   n, line, i) {
	n = below(5)
	for (i = 0; i < n; i++)
		line = line (i && below(2) ? " | " : " ") field()
	return line
}

function errors() {
	return below(3) ? "" : " ! " pick("denied limit gone empty") (below(2) ? " busy" : "")
}

BEGIN {
	srand(seed)
	print "# A comment with */ and @n."
	print pick("session object") " " name (below(2) ? " |core:yes" : "")
	count = 1 + below(4)
	for (i = 0; i < count; i++) {
		type = fresh()
		size[type] = 4
		print "enum " type " | " fresh() (below(2) ? " | " fresh() : "")
		types = types " " type
	}
	for (i = 0; i < 3; i++) {
		type = fresh()
		print "struct " type members(1 + below(4))
		types = types " " type
		size[type] = filled
	}
	if (below(2))
		print "struct args" members(1 + below(4))
	for (i = 0; i < 6; i++) {
		if (below(3) == 0)
			print "# About it."
		if (below(4) == 0)
			print "send " fresh() fields()
		else
			print "call " fresh() fields() " ->" fields() errors()
	}
}
