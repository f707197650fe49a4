# SPDX-License-Identifier: BSD-2-Clause
#
# The check of the tutorial finds lies: of a page that has one in each block that says so.

work=build/test/tutorial_lies
mkdir -p $work
cat >$work/page.md <<'END'
```sh
echo one; echo two 2; echo three >&2; mkdir ~/my; echo text >~/my/file
```

```out
one
two ...
...
```

The numbers differ: a lie.

```out
one
two 3
three
```

Less than there is, a lie; and more, a lie.

```out
one
two ...
```

```out
one
two 2
three
four
```

Out of order, a lie. In the middle of a line, a lie.

```out
...
two 2
one
...
```

```out
one
two ...
th...ee!
```

All is left out: a lie.

```out
...
```

A quote, and a lie.

```text ~/my/file
text
```

```text ~/my/file
tex
```

It fails, and says so; it fails, a lie; it says so, a lie.

```sh fails
false
```

```sh
false
```

```sh fails
true
```

Not there: a lie.

```text ~/my/nothing
text
```
END
awk '{ lies += gsub(/a lie/, "") } END { print lies }' $work/page.md >$work/expected
sh tool/check/tutorial.sh $work/page.md $work/run >$work/out 2>&1
if [ "$(grep -c '^FAIL' $work/out)" = "$(cat $work/expected)" ] &&
	[ "$(grep -c '^ok' $work/out)" = 4 ]; then
	echo "ok tutorial-lies.found"
else
	cat $work/out
	echo "FAIL tutorial-lies.found: not $(cat $work/expected) lies and 4 truths"
fi
