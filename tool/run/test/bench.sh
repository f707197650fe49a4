# SPDX-License-Identifier: BSD-2-Clause
#
# How 'make bench' reads figures and compares them.

work=build/test/bench
mkdir -p $work
printf 'id\tintervals\tinstructions\tswitches\ttlb\tatomics\tmmio\n3\t10\t12345\t20\t0\t3\t1\n' \
	>$work/counts

# figures CASE LOG EXPECTED
figures() {
	printf "$2" >$work/log
	printf "$3" >$work/expected
	awk -v board=b -f tool/run/bench.awk $work/counts $work/log | diff $work/expected - &&
		echo "ok bench.$1" || echo "FAIL bench.$1: see above"
}

figures joined '[init -> x] bench a 1234 instructions mark 3 10\n' \
	'a\tb\t1234\tinstructions\na.switches\tb\t2\tswitches\na.tlb\tb\t0\tinvalidations\na.atomics\tb\t0.30\tinstructions\na.mmio\tb\t0.10\taccesses\n'
figures plain 'bench size 4096 bytes\n' 'size\tb\t4096\tbytes\n'
figures no_interval 'bench a 7 instructions mark 4 1\n' \
	'a\tb\t7\tinstructions\nFAIL bench.a: the plugin has seen no interval of mark 4\n'
printf '[x] bench a 1250 instructions mark 3 10\n' >$work/log
awk -v board=b -f tool/run/bench.awk $work/counts $work/log |
	grep -q '^FAIL bench.a: guest counts 1250' && echo "ok bench.disagree" ||
	echo "FAIL bench.disagree: 1.3 % were not noticed"

# compared CASE RECORDED STATUS
compared() {
	printf 'a\tb\t102\tx\nc\tb\t10\tx\n' >$work/new
	printf "$2" >$work/recorded
	awk -F '\t' -v mode=compare -v file=$work/recorded -f tool/run/bench_compare.awk \
		$work/new >$work/out
	[ $? = $3 ] && echo "ok bench.$1" || { cat $work/out; echo "FAIL bench.$1: wrong status"; }
}

compared equal 'a\t102\tx\nc\t10\tx\n' 0
compared within 'a\t100\tx\n' 0
compared above 'a\t99\tx\n' 1
compared missing 'gone\t1\tx\n' 1
compared nothing '' 0
