# SPDX-License-Identifier: BSD-2-Clause
#
# Every interface description is without mistakes: its stubs could be generated. The
# names of no two of them meet, nor do they meet those of base: all headers compile
# together.

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

# shellcheck disable=SC2086
if build/host/rpc --check $RPC_FILES; then
	echo "ok generated.names"
else
	echo "FAIL generated.names: see above"
fi

all=build/test/generated.c
{
	(cd base/include && printf '#include <%s>\n' by/*.h)
	for file in $RPC_FILES; do
		name=$(basename "$file" .rpc)
		for header in build/gen/by/session/$name build/gen/by/object/$name; do
			[ -f "$header.h" ] && printf '#include <%s_server.h>\n' "${header#build/gen/}"
		done
	done
} >$all
if gcc -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -Ikernel/abi -Ikernel/abi/arch/x86_64 \
	-Ibase/include -Ibase/arch/x86/include -Ibase/arch/x86/64/include -Ibuild/gen $all; then
	echo "ok generated.together"
else
	echo "FAIL generated.together: see above"
fi
