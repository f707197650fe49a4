# SPDX-License-Identifier: BSD-2-Clause
#
# What doc/tutorial.md tells to do works, and prints what it shows. Its commands run in this
# tree, in one shell, with a home of their own, where the page keeps what it makes.
#
#   ```sh             commands; 'fails' behind it: the last one ends with an error;
#                     'background': in another terminal; 'not-run': for readers only
#   ```gdb            commands for the debugger that the background waits for
#   ```out            what the commands before print
#   ```<other> FILE   stands in this file just then, in one piece

# usage: tutorial.sh PAGE WORK

page=$1
work=$PWD/$2
rm -rf "$work"
mkdir -p "$work/home"

# <number>: a block, <number>.kind: what follows its "```"
awk -v work="$work" '
	/^```/ && !inside { inside = 1; file = sprintf("%s/%03d", work, ++n); print substr($0, 4) " " FNR >(file ".kind")
	                    printf "" >file; next }
	/^```/            { inside = 0; next }
	inside            { print >file }' "$page"

# The commands, as a script for a shell of its own, which knows nothing of ours.
{
	echo "home=$work/home; top=$PWD"
	cat <<'EOF'
# ended NUMBER STATUS: note how commands have ended
ended() { echo "$2" >"$work/$1.status"; }

# debug NUMBER COMMANDS: when the machine of the background is there
debug() {
	for i in $(seq 600); do
		commands=$(sed -n 's/^gdb-multiarch -x //p' "$work/background.out")
		[ "$commands" ] && [ -S "$(sed -n 's/^target remote //p' "$commands")" ] && break
		kill -0 $background 2>/dev/null || break
		sleep 0.1
	done
	timeout 120 gdb-multiarch -batch -x "$commands" -x "$work/$1" >"$work/$1.said" 2>&1 </dev/null
	kill $background 2>/dev/null
	wait $background
}
EOF
	echo "work=$work"
	for kind in "$work"/*.kind; do
		number=$(basename "$kind" .kind)
		read -r what how rest <"$kind"
		case $what.$how in
		sh.not-run) ;;
		sh.background) printf '{\n%s\n} >"$work/%s.said" 2>&1 </dev/null &\nbackground=$!\nln -s %s.said "$work/background.out"\n' \
			"$(sed '1s/^/exec /' "$work/$number")" $number $number ;;
		sh.*) printf '{\n%s\n} >"$work/%s.said" 2>&1 </dev/null\nended %s $?\n' "$(cat "$work/$number")" $number $number ;;
		gdb.*) echo "debug $number" ;;
		out.*) ;;
		*) echo "cp \"$(echo "$how" | sed "s:^~:$work/home:")\" $work/$number.said" ;;
		esac
	done
} >"$work/script"
env -i PATH="$PATH" HOME="$work/home" TERM=dumb sh "$work/script" >"$work/script.out" 2>&1

# compare EXPECTED SAID: '...' is anything, in a line or as lines
compare() {
	awk -v home="$work/home" '
		function fits(text, pattern,    parts, n, i, at) {
			n = split(pattern, parts, /\.\.\./)
			if (substr(text, 1, length(parts[1])) != parts[1])
				return 0
			if (n == 1)
				return text == pattern
			text = substr(text, length(parts[1]) + 1)
			for (i = 2; i < n; i++) {
				if (!(at = index(text, parts[i])) && parts[i] != "")
					return 0
				text = substr(text, at + length(parts[i]) + (at == 0))
			}
			return length(text) >= length(parts[n]) &&
			       substr(text, length(text) - length(parts[n]) + 1) == parts[n]
		}
		# lines i.. of what is expected agree with lines j.. of what was said
		function agree(i, j) {
			for (; i <= wanted; i++) {
				if (want[i] == "...") {
					for (; j <= lines + 1; j++)
						if (agree(i + 1, j))
							return 1
					return 0
				}
				if (i > furthest)
					furthest = i
				if (j > lines || !fits(said[j++], want[i]))
					return 0
			}
			return j == lines + 1
		}
		FNR == NR { gsub("/home/you/", home "/"); want[++wanted] = $0; next }
		{ sub(/[ \r]+$/, "") }
		/^  [A-Z]+ +[^ ]/ { next }
		{ said[++lines] = $0 }
		END {
			if (agree(1, 1))
				exit 0
			print "line " furthest " of this is not what came, or something more came:"
			for (i = 1; i <= wanted; i++)
				print "  | " want[i]
			print "but:"
			for (i = 1; i <= lines; i++)
				print "  | " said[i]
			exit 1
		}' "$1" "$2"
}

last=
for kind in "$work"/*.kind; do
	number=$(basename "$kind" .kind)
	file=$work/$number
	read -r what how rest <"$kind"
	line=$(awk '{ print $NF }' "$kind")
	problem=
	case $what.$how in
	sh.not-run) continue ;;
	sh.* | gdb.*)
		last=$file
		status=$(cat "$file.status" 2>/dev/null)
		case $what.$how in
		sh.fails) [ "$status" ] && [ "$status" != 0 ] || problem="should fail, but ends with '$status'" ;;
		sh.background | gdb.*) [ -e "$file.said" ] || problem="was not run" ;;
		*) [ "$status" = 0 ] || problem="ends with '$status'" ;;
		esac
		[ ! "$problem" ] || tail -n 20 "$file.said" ;;
	out.*)
		grep -qvxF -e ... -e '' "$file" || problem='shows nothing'
		compare "$file" "$last.said" >"$file.diff" 2>&1 || problem='is not what comes out'
		[ ! "$problem" ] || cat "$file.diff" ;;
	*)
		awk 'FNR == NR { block = block $0 "\n"; next } { text = text $0 "\n" }
			END { exit !index("\n" text, "\n" block) }' "$file" "$file.said" ||
			problem="does not stand in $how" ;;
	esac
	if [ "$problem" ]; then
		echo "FAIL tutorial.line_$line: $page:$line: $problem"
	else
		echo "ok tutorial.line_$line"
	fi
done
