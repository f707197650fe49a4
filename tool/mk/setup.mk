# SPDX-License-Identifier: BSD-2-Clause
#
# build/setup/<group>: the Debian packages of a group in tool/mk/packages are
# there. An order-only prerequisite of whatever calls their tools.

build/setup/%: tool/mk/packages
	@sh tool/mk/setup.sh $*
