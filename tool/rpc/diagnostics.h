/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All mistakes that the generator reports about its input: X(name, text).
 *
 * tool/rpc/test/wrong holds an example for each, in the file of this name.
 */
#ifndef RPC_DIAGNOSTICS_H
#define RPC_DIAGNOSTICS_H

#define RPC_DIAGNOSTICS(X) \
	X(too_large,        "the file is larger than 64 KiB") \
	X(character,        "unexpected character '%s'") \
	X(first,            "the first declaration must be 'session' or 'object'") \
	X(second,           "a file holds one interface") \
	X(declaration,      "unknown declaration '%.40s'") \
	X(file_name,        "the interface must be called '%.80s' like its file") \
	X(expected,         "expected %s, found %.42s") \
	X(name,             "'%.40s' is no name: [a-z][a-z0-9_]* without '__', '_' at the end, " \
	                    "'by_' in front, '_t' behind") \
	X(c_word,           "'%.40s' is a word of C") \
	X(declared,         "'%.40s' is declared already") \
	X(handle,           "'%.40s' is the name of the handle") \
	X(reserved,         "'%.40s' is a word of the recorded ABI") \
	X(generated,        "'%.80s' is generated already, for %.80s:%u") \
	X(property,         "unknown property '%.40s'") \
	X(property_twice,   "property '%.40s' is given already") \
	X(property_object,  "an object has no property but 'core'") \
	X(size,             "'%.40s' is no number with K or M below 4096M") \
	X(number,           "'%.40s' is no number of up to 4 digits") \
	X(yes,              "expected 'yes' or 'no', found '%.40s'") \
	X(type,             "unknown type '%.40s'") \
	X(field_type,       "'%.40s' cannot be the type of a struct field") \
	X(bound,            "the bound '%.40s' is not between 1 and 400") \
	X(struct_size,      "struct '%.40s' is larger than 64 bytes") \
	X(too_many,         "'%.40s' is one too many: at most 8 arguments and 8 results") \
	X(too_many_caps,    "'%.40s' is the fifth capability") \
	X(request_size,     "the request of '%.40s' could exceed 480 bytes") \
	X(reply_size,       "the reply of '%.40s' could exceed 480 bytes") \
	X(send,             "a send has neither results nor errors") \
	X(status,           "'%.40s' is no status value") \
	X(abi_line,         "expected '<opcode> call|send <name> <argument>:<type>... -> " \
	                    "<result>:<type>... ! <error>...', '<opcode> reserved <name>', " \
	                    "'enum <name> <value>...' or 'struct <name> <field>:<type>...'") \
	X(abi_order,        "expected opcode %u") \
	X(abi_declared,     "'%.40s' has a line already") \
	X(abi_changed,      "the signature of '%.40s' differs from the recorded one: declare " \
	                    "'reserved %.40s' and give the new call another name") \
	X(abi_missing,      "'%.40s' is recorded but not declared: restore it or declare " \
	                    "'reserved %.40s'") \
	X(abi_new,          "'%.40s' is not recorded: run 'rpc --record'") \
	X(abi_reserved,     "'%.40s' is reserved, its opcode is not used again: choose " \
	                    "another name") \
	X(abi_unknown,      "'%.40s' was never recorded: remove this line") \
	X(abi_error,        "the error '%.40s' of '%.40s' is recorded but not declared: " \
	                    "restore it") \
	X(abi_type,         "the type '%.40s' is recorded but not declared: restore it") \
	X(abi_kind,         "'%.40s' is recorded as %.8s: restore it") \
	X(abi_item,         "'%.40s' is recorded with '%.80s' in this place: restore it, new " \
	                    "values go to the end") \
	X(abi_grown,        "'%.40s' is recorded without this field: a struct never grows") \
	X(abi_args,         "the session is recorded without arguments: it cannot get any")

enum diagnostic {
#define X(name, text) DIAGNOSTIC_##name,
	RPC_DIAGNOSTICS(X)
#undef X
};

#endif
