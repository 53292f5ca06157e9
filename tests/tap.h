/* Runs a Check suite and prints TAP on stdout, which `prove` reads. */
#ifndef SEPAREX_TAP_H
#define SEPAREX_TAP_H

#include <check.h>
#include <stdlib.h>
#include <unistd.h>

/* Runs the suite; returns the exit code for main. Check writes its TAP file to stdout; its own summary is silenced. */
static inline int tap_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_set_tap(runner, "/dev/stdout");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
