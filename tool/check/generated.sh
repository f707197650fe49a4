# SPDX-License-Identifier: BSD-2-Clause
#
# Every interface description is without mistakes: its stubs could be generated.

for file in $RPC_FILES; do
	name=$(basename "$file" .rpc)
	if [ -f "build/gen/stamp/$name.rpc" ]; then
		echo "ok generated.$name"
	else
		build/host/rpc "$file" --out build/test/generated
		echo "FAIL generated.$name: see above"
	fi
done
[ "$RPC_FILES" ] || echo "ok generated.none"
