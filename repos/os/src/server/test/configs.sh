# SPDX-License-Identifier: BSD-2-Clause
#
# usage: configs.sh. Each case: a component, what is said (a line:column and words), and its
# configuration up to an empty line.

work=build/test/server_configs
mkdir -p $work

judge() {
	component=$1 expected=$2
	schema=$(find repos/os/src -path "*/$component/config.hsd")
	said=$(build/host/hid check --schema "$schema" $work/config.hid 2>&1)
	status=$?
	name=$component.$(echo "$expected" | tr -c 'a-z0-9\n' _)
	if [ "$expected" = good ]; then
		[ $status = 0 ] && echo "ok server_configs.$name" ||
			echo "FAIL server_configs.$name: $said"
	elif [ $status != 0 ] && echo "$said" | grep -qF "$work/config.hid:$expected"; then
		echo "ok server_configs.$name"
	else
		echo "FAIL server_configs.$name: said: $said"
	fi
}

while read -r component expected; do
	case $component in '' | '#'*) continue ;; esac
	while IFS= read -r line && [ "$line" ]; do echo "$line"; done >$work/config.hid
	judge "$component" "$expected"
done <<'END'
report_rom good
config | verbose: yes | keep: no
+ policy | label: a | report: b
+ default-policy | report: c
-

report_rom 2:1: 'policy' lacks the attribute 'report'
config
+ policy | label: a
-

report_rom 2:14: attribute 'lable' is not allowed in 'policy'
config
+ policy   | lable: a | report: b
-

report_rom 1:16: value 'perhaps' of attribute 'keep' is not of type 'boolean'
config | keep: perhaps
-

rom_filter good
config
+ input a | default: 1 | + node x | + attribute y
+ output | node: z
  + if
    + has_value | input: a | value: 1
    + then | + attribute b | value: 1
-

rom_filter 1:1: 'config' lacks a node 'output'
config
+ input a
-

rom_filter 3:3: 'if' lacks a node 'has_value'
config
+ output | node: z
  + if
    + then | + attribute b | value: 1
-

rom_filter 3:3: node 'atribute' is not allowed in 'output'
config
+ output | node: z
  + atribute b | value: 1
-

dynamic_rom good
config
+ rom a | + inline | + b | + sleep | milliseconds: 5 | + empty
-

dynamic_rom 3:3: 'sleep' lacks the attribute 'milliseconds'
config
+ rom a
  + sleep
-

dynamic_rom 3:27: value 'long' of attribute 'milliseconds' is not of type 'count'
config
+ rom a
  + sleep | milliseconds: long
-

log_sink 1:16: value 'fast' of attribute 'rate' is not of type 'size'
config | rate: fast
-

log_core 1:18: value 'paper' of attribute 'output' is not of type 'output'
config | output: paper
-

log_core 1:21: value '0' of attribute 'period_ms' is not of type 'count'
config | period_ms: 0
-

rom_logger 1:1: 'config' lacks the attribute 'rom'
config
-

END
