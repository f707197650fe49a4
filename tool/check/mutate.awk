# SPDX-License-Identifier: BSD-2-Clause
#
# Small mistakes in C sources, as somebody could make them: a statement forgotten, a
# condition negated, a bound off by one, the wrong error.
#
#   awk -f mutate.awk FILES                          lists all of them: file line kind
#   awk -v line=N -v kind=KIND -f mutate.awk FILE    prints the file with one of them

function declaration(text) {
	return text ~ /^(struct|union|enum|static|const|unsigned|uint|int|bool|word_t|paddr_t|ticks_t|status_t|by_|size_t|char|void|pte_t|va_)[a-z0-9_]* / && text !~ /^[a-z_]+\(/
}

# One whole statement on a line of its own.
function statement(text, before) {
	if (text !~ /^[a-z_*(][^{}]*;$/ || text ~ /^(return|goto|break|continue|case|default|for|if|else|while|do)/)
		return 0
	if (text ~ /^\(void\)|ASSERT|^} / || declaration(text))
		return 0
	if (before !~ /[;{}:]$|\*\/$|^$|^(else|do)$|^(else )?(if|for|while) \(.*\)$/)
		return 0
	return text ~ /\(|=|\+\+|--/
}

function balanced(text,   i, depth, c) {
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(") depth++
		if (c == ")" && --depth < 0) return 0
	}
	return depth == 0
}

function condition(text) {
	return match(text, /^(} )?(else )?(if|while) \(.*\)( \{)?$/) && balanced(text)
}

function bound(text) { return text ~ / (<|>|<=|>=) | [+-] 1[^0-9]/ && text !~ /^#/ }
function error(text) { return text ~ /BY_(OK|INVALID|BAD_CAP|DENIED|GONE|CANCELLED|TIMEOUT|NO_REPLY|DEADLOCK|LIMIT|EXISTS|EMPTY|AGAIN|OUT_OF_RAM|OUT_OF_CAPS|NOT_FOUND|CONFLICT|NOT_SUPPORTED)[^A-Z_]/ }

function negated(text,   open) {
	open = index(text, "(")
	sub(/\)( \{)?$/, ")&", text)
	return substr(text, 1, open) "!(" substr(text, open + 1)
}

function off_by_one(text) {
	if (sub(/ < /, " <= ", text) || sub(/ <= /, " < ", text) || sub(/ >= /, " > ", text) ||
	    sub(/ > /, " >= ", text) || sub(/ [+-] 1/, "", text))
		return text
	return text
}

function wrong_error(text) {
	if (sub(/BY_OK/, "BY_INVALID", text))
		return text
	sub(/BY_(INVALID|BAD_CAP|DENIED|GONE|CANCELLED|TIMEOUT|NO_REPLY|DEADLOCK|LIMIT|EXISTS|EMPTY|AGAIN|OUT_OF_RAM|OUT_OF_CAPS|NOT_FOUND|CONFLICT|NOT_SUPPORTED)/, "BY_BUSY", text)
	return text
}

FNR == 1 { before = ""; inside = 0 }
/^\{/ { inside = 1 }
/^}/  { inside = 0 }
{
	text = $0
	sub(/^\t+/, "", text)
	code = inside && text !~ /^(\/\*|\*)/
	if (kind == "") {
		if (code && statement(text, before)) print FILENAME, FNR, "deleted"
		if (code && condition(text)) print FILENAME, FNR, "negated"
		if (code && bound(text)) print FILENAME, FNR, "off_by_one"
		if (code && error(text)) print FILENAME, FNR, "wrong_error"
	} else {
		indent = substr($0, 1, length($0) - length(text))
		if (FNR != line) print
		else if (kind == "deleted") print indent ";"
		else if (kind == "negated") print indent negated(text)
		else if (kind == "off_by_one") print indent off_by_one(text)
		else print indent wrong_error(text)
	}
	if (text != "" && text !~ /^\/\*.*\*\/$/)
		before = text
	else if (text == "")
		before = ""
}
