# SPDX-License-Identifier: BSD-2-Clause
#
# For gdb: all components run at the same addresses, so the symbols must be those of
# the one that runs. Which one that is shows its code in memory.
#
#   component NAME         use the symbols of a component
#   cbreak NAME LOCATION   break in this component only
#
# Whenever the machine stops in another component, its symbols are taken.

import struct

import gdb

PAGE = 4096
components = {}  # name: Component
used = None      # whose symbols gdb has


class Component:
    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            self.image = file.read()
        self.address, offset, size = self.code()
        self.text = self.image[offset:offset + size]

    def code(self):
        """Address, offset and size of the executable segment of the ELF file."""
        wide = self.image[4] == 2
        table, = struct.unpack_from("<Q" if wide else "<I", self.image, 32 if wide else 28)
        step, count = struct.unpack_from("<HH", self.image, 54 if wide else 42)
        for at in range(table, table + step * count, step):
            if wide:
                kind, flags, offset, address, _, size = struct.unpack_from("<IIQQQQ", self.image, at)
            else:
                kind, offset, address, _, size, _, flags = struct.unpack_from("<7I", self.image, at)
            if kind == 1 and flags & 1:
                # without the file's headers: what runs is a copy without symbols
                skip = max(table + step * count - offset, 0)
                return address + skip, offset + skip, size - skip
        raise gdb.GdbError(self.path + " has no code")

    def runs(self, pc):
        """Whether the page at pc holds this component's code."""
        first = max(pc & ~(PAGE - 1), self.address)
        last = min((pc & ~(PAGE - 1)) + PAGE, self.address + len(self.text))
        if not first <= pc < last:
            return False
        try:
            memory = gdb.selected_inferior().read_memory(first, last - first)
        except gdb.MemoryError:
            return False
        return bytes(memory) == self.text[first - self.address:last - self.address]


def add(name, path):
    components[name] = Component(path)


def use(name):
    global used
    if name not in components:
        raise gdb.GdbError("no such component; there are: " + " ".join(sorted(components)))
    if used == name:
        return
    # the main program's symbols, because these can be replaced
    gdb.execute("symbol-file " + components[name].path, to_string=True)
    used = name


def stopped(_):
    pc = gdb.newest_frame().pc()
    if used and components[used].runs(pc):
        return
    for name, component in sorted(components.items()):
        if component.runs(pc):
            print("in component " + name)
            use(name)
            return


class ComponentBreakpoint(gdb.Breakpoint):
    def __init__(self, name, address):
        super().__init__("*0x%x" % address)
        self.component = components[name]

    def stop(self):
        return self.component.runs(gdb.newest_frame().pc())


class ComponentCommand(gdb.Command):
    """component NAME: use the symbols of this component."""

    def __init__(self):
        super().__init__("component", gdb.COMMAND_FILES)

    def invoke(self, argument, _):
        use(argument)

    def complete(self, _, word):
        return [name for name in components if name.startswith(word)]


class BreakCommand(gdb.Command):
    """cbreak NAME LOCATION: break in this component, not in others at the same address."""

    def __init__(self):
        super().__init__("cbreak", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, argument, _):
        name, _, location = argument.partition(" ")
        if not location:
            raise gdb.GdbError("usage: cbreak NAME LOCATION")
        use(name)
        _, places = gdb.decode_line(location)
        for place in places or []:
            if place.symtab and place.symtab.objfile.filename.endswith("/" + name):
                ComponentBreakpoint(name, place.pc)
                return
        raise gdb.GdbError("component %s has no %s" % (name, location))


ComponentCommand()
BreakCommand()
gdb.events.stop.connect(stopped)
