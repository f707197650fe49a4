# SPDX-License-Identifier: BSD-2-Clause
#
# Plant mistakes in one part of the tree, one at a time, and see whether its unit
# suites notice. A mistake counts as caught only if the code compiles and an assertion
# with a name fails; a crash or an endless loop does not count.
#
# The list PART/test/mutants has mistakes made by hand: name, file, sed script. Each
# must be caught. In addition DRAW mistakes are drawn by SEED (mutate.awk); how many of
# them are caught is reported, and the others are listed; fewer than RATE % are a failure.
# FEW=1: a few of the list. ONLY="name ...": these of the list.
#
# usage: mutants.sh PART

part=$1
top=$PWD
work=build/mutate/$part
: "${SEED:=1}" "${DRAW:=50}" "${RATE:=60}"
[ "$FEW" ] && DRAW=2

rm -rf "$work"
mkdir -p "$work" && cp -r kernel core base "$work" && mkdir "$work/tool" && cp -r tool/unit "$work/tool"
cp tool/check/mutants.mk "$work"
cd "$work" || exit 1

build() { make -f mutants.mk PART="$part" TOP="$top" "$@" >make.log 2>&1; }

# A kind of declaration in tests*.mk that mutants.mk does not know would silently be empty.
suites=$(make -s --warn-undefined-variables -f mutants.mk PART="$part" TOP="$top" suites 2>make.log)
[ -s make.log ] && { head -n 5 make.log; echo "FAIL mutate.$part: the suites are not known"; exit 1; }
build -k -j2 $(printf 'bin/%s ' $suites) || { tail -n 5 make.log; echo "FAIL mutate.$part: the suites cannot be built"; exit 1; }

# reasons: what named assertions of a suite say, and what it does not say without mistakes
reasons() {
	grep -a '^FAIL ' run.log | grep -a -v 'killed by a signal$'
	grep -a -E '^(kernel: panic|world: |sim: )' run.log | grep -a -v -x -F -f "clean.$suite"
}

# try: build and run the suites until an assertion of one fails; sets verdict and reason
try() {
	verdict=survives reason=
	for suite in $suites; do
		build "bin/$suite" || { verdict=invalid; return; }
		# Random programs of the slow kind need not be many. Processor time, because the
		# machine may be busy with other things.
		case $suite in *_fine) export SEEDS=${FINE:-20} ;; *) unset SEEDS ;; esac
		(ulimit -t 20; exec "bin/$suite") >run.log 2>&1 </dev/null
		status=$?
		[ -f "clean.$suite" ] || cp run.log "clean.$suite"
		[ $status = 0 ] && continue
		reason=$(reasons | head -n 1 | head -c 160)
		[ "$reason" ] && { verdict=caught; return; }
		# Another suite can find words for it.
		case $status in
		137|152) verdict=hangs ;;
		*)       verdict=crashes ;;
		esac
	done 2>/dev/null
}

# restore FILE: as it was, and newer than what was made from the mistake
restore() { cp "$top/$1" "$1"; }

try
[ $verdict = survives ] || { echo "FAIL mutate.$part: without any mistake: $reason"; exit 1; }

count=0
while IFS='	' read -r name file script; do
	case $name in ''|'#'*) continue ;; esac
	count=$((count + 1))
	[ "$FEW" ] && [ $((count % 10)) != 1 ] && continue
	[ "$ONLY" ] && case " $ONLY " in *" $name "*) ;; *) continue ;; esac
	sed "$script" "$top/$file" >"$file"
	if cmp -s "$top/$file" "$file"; then
		echo "FAIL mutate.$name: it does not apply any more"
	else
		try
		case $verdict in
		caught) echo "ok mutate.$name"; echo "   $reason" ;;
		*)      echo "FAIL mutate.$name: $verdict" ;;
		esac
	fi
	restore "$file"
done <<LIST
$(cat "$top/$part/test/mutants" 2>/dev/null)
LIST

# Each kind is as likely as any other. A mistake that does not compile is drawn again.
(cd "$top" && awk -f tool/check/mutate.awk "$part"/src/*.c) >candidates
awk -v seed="$SEED" -v draw=$((DRAW * 2)) '
	function random(n) { seed = (seed * 16807 + 12345) % 2147483647; return int(seed / 8) % n }
	{ of[$3, number[$3]++] = $0 }
	END {
		kinds = split("deleted negated off_by_one wrong_error", kind)
		for (i = 0; i < draw; i++) { k = kind[1 + i % kinds]; print of[k, random(number[k])] }
	}' candidates >drawn

total=0 killed=0 hung=0 crashed=0
while read -r file line kind && [ $total -lt "$DRAW" ]; do
	awk -v line="$line" -v kind="$kind" -f "$top/tool/check/mutate.awk" "$top/$file" >"$file"
	try
	restore "$file"
	[ $verdict = invalid ] && continue
	total=$((total + 1))
	case $verdict in
	caught)  killed=$((killed + 1)) ;;
	hangs)   hung=$((hung + 1)) ;;
	crashes) crashed=$((crashed + 1)) ;;
	esac
	[ $verdict = caught ] || echo "$verdict: $file:$line $kind: $(sed -n "${line}s/^	*//p" "$top/$file")"
done <drawn
if [ $total -gt 0 ]; then
	echo "mutate $part: seed $SEED: $killed of $total caught ($((killed * 100 / total)) %), $crashed crash, $hung hang, $((total - killed - crashed - hung)) survive"
	if [ $total -ge 20 ] && [ $((killed * 100 / total)) -lt $RATE ]; then
		echo "FAIL mutate.$part: fewer than $RATE % are caught"
	else
		echo "ok mutate.$part"
	fi
fi
