/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guard [-s] [-d DIRECTORY] COMMAND...: run a command that must not outlive us,
 * nor we our parent.
 *
 *    parent --SIGTERM when it dies--> guard --SIGTERM, then SIGKILL--> command
 *                                       '-- SIGKILL when guard dies -->'
 *
 * The kernel delivers both, so it works whatever kills the parent. Afterwards
 * DIRECTORY (flat, for sockets and FIFOs) is removed. While the command runs
 * DIRECTORY/pid holds its process id. -s starts a session of its own, so that
 * a terminal's Ctrl-C reaches the parent only, which then decides.
 *
 * Exit status: that of the command, or 128 + signal.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* QEMU writes its plugin's results when asked to end, which may take a moment. */
enum { GRACE_SECONDS = 3 };

static const char *directory;


static void remove_directory(void)
{
	DIR *dir = directory ? opendir(directory) : NULL;
	if (!dir)
		return;

	for (struct dirent *entry; (entry = readdir(dir)); )
		unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	rmdir(directory);
}


static void write_pid(pid_t pid)
{
	char path[4096];

	if (!directory)
		return;

	snprintf(path, sizeof(path), "%s/pid", directory);
	FILE *file = fopen(path, "w");
	if (!file)
		return;

	fprintf(file, "%d\n", (int)pid);
	fclose(file);
}


/* Ask for 'signal' when the parent dies; end at once if it is dead already. */
static void die_with_parent(pid_t parent, int signal)
{
	prctl(PR_SET_PDEATHSIG, signal);
	if (getppid() != parent)
		raise(signal);
}


static pid_t start(char **command, sigset_t const *signals)
{
	pid_t const guard = getpid();
	pid_t const pid   = fork();
	if (pid)
		return pid;

	die_with_parent(guard, SIGKILL);
	sigprocmask(SIG_UNBLOCK, signals, NULL);
	execvp(command[0], command);
	fprintf(stderr, "guard: %s: %s\n", command[0], strerror(errno));
	_exit(127);
}


/* Wait until the command ends or somebody asks us to end. */
static bool ended(pid_t pid, int *status, sigset_t const *signals, time_t seconds)
{
	struct timespec const limit = { seconds, 0 };

	for (;;) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		int const signal = seconds ? sigtimedwait(signals, NULL, &limit)
		                           : sigwaitinfo(signals, NULL);
		if (signal != SIGCHLD)
			return waitpid(pid, status, WNOHANG) == pid;
	}
}


int main(int argc, char **argv)
{
	pid_t const parent = getppid();
	bool session = false;
	int option, status = 0;

	while ((option = getopt(argc, argv, "+sd:")) != -1) {
		if (option == 's')
			session = true;
		else if (option == 'd')
			directory = optarg;
		else
			return 2;
	}
	if (optind == argc) {
		fprintf(stderr, "usage: guard [-s] [-d DIRECTORY] COMMAND...\n");
		return 2;
	}

	sigset_t signals;
	sigemptyset(&signals);
	int const list[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE };
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		sigaddset(&signals, list[i]);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	die_with_parent(parent, SIGTERM);
	if (session)
		setsid();

	pid_t const pid = start(argv + optind, &signals);
	if (pid < 0) {
		perror("guard: fork");
		return 1;
	}
	write_pid(pid);

	if (!ended(pid, &status, &signals, 0)) {
		kill(pid, SIGTERM);
		if (!ended(pid, &status, &signals, GRACE_SECONDS)) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
		}
	}
	remove_directory();

	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
