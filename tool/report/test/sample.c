// all of this line is comment
struct type {
	int field;
};

static int
long_one(int a)
{
	/* a comment { in a function */
	if (a) {
		return 1; /* trailing */
	}

	return "}"[0];
}

static int initialised = (3);
