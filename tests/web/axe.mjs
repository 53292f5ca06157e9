// axe-core in a page, as the tests of accessibility run it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

/** Brings axe into the page as it is now; by the debugger, which the page's policy does not bind. */
export const bringAxe = (page) => page.evaluate(AXE);

/** Throws with every element that breaks a rule. */
export async function audit(page, what) {
	const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags } }), TAGS);
	const told = violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.any[0]?.message ?? n.failureSummary}`));
	assert.deepEqual(told, [], what);
}
