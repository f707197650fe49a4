# SPDX-License-Identifier: BSD-2-Clause
#
# Make the glyphs of ASCII from a console font of 8 x 16 pixels: one line per character
# from ' ' to '~', 16 bytes each, the leftmost pixel in the highest bit.
# Usage: od -An -v -t u1 FONT.psf | awk -f font.awk > font.inc
#
# A PSF 1 file begins with 0x36 0x04, mode, height of a glyph; then come the glyphs.

{
	for (i = 1; i <= NF; i++)
		byte[count++] = $i
}

END {
	if (byte[0] != 54 || byte[1] != 4 || byte[3] != 16) {
		print "font.awk: this is no PSF 1 font of 8 x 16 pixels" >"/dev/stderr"
		exit 1
	}
	for (glyph = 32; glyph <= 126; glyph++) {
		line = ""
		for (y = 0; y < 16; y++)
			line = line sprintf(" %3d,", byte[4 + glyph * 16 + y])
		print "{" line " },"
	}
}
