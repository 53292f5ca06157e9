/* Payments in parts: see parts.h. */
#include "parts.h"

size_t parts_plan(struct rial sum, struct rial cap, struct rial out[PARTS_MAX])
{
	int64_t all = rial_raw(sum), most = rial_raw(rial_floor_toman(cap)), n, each;

	if (all <= 0 || most < RIAL_PER_TOMAN)
		return 0;
	n = all / most + (all % most != 0);
	if (n > PARTS_MAX)
		return 0;
	/* Rounded up, so that the last part is the smallest: rounded down, its remainder could lift it above the cap.
	 */
	each = (all / n + (all % n != 0) + RIAL_PER_TOMAN - 1) / RIAL_PER_TOMAN * RIAL_PER_TOMAN;
	if (each * (n - 1) >= all)
		each = all / n / RIAL_PER_TOMAN * RIAL_PER_TOMAN; /* tiny sums: nothing is near the cap then */
	for (int64_t i = 0; i < n; i++)
		out[i] = rial_of(i + 1 < n ? each : all - each * (n - 1));
	return (size_t)n;
}
