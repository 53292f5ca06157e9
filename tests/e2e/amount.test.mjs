// `separex amount`: what scripts get to know about a price.
import { TestFailure, run, separexCli, test } from './lib.mjs';

async function says(words, code, out, err = '') {
	const r = await separexCli(['amount', ...words]);
	if (r.code !== code || r.out !== out || !r.err.includes(err) || (err === '' && r.err !== '')) throw new TestFailure(`${words.join(' ')}: ${JSON.stringify(r)}`);
}

test('an amount that is sure, in one word and in many', async () => {
	await says(['۲۵ میلیون تومن'], 0, '250000000 sure\n');
	await says(['2.5', 'm', 'toman'], 0, '25000000 sure\n');
	await says(['--config'], 1, '', 'there is no amount');
});

test('an amount that the bot would ask about', async () => {
	await says(['۲', 'تومن'], 0, '20000 confirm\n');
	await says(['حدود', '۲', 'میلیون'], 0, '20000000 confirm\n');
});

test('no amount: one line says why', async () => {
	await says(['سلام'], 1, '', 'there is no amount');
	await says(['-5', 'میلیون'], 1, '', 'negative');
	await says(['0'], 1, '', 'zero');
	await says(['250', 'دلار'], 1, '', 'another currency');
	await says(['۲ تا ۳ میلیون'], 1, '', 'more than one way');
	await says(['5m و 6m'], 1, '', 'several amounts');
	await says(['9'.repeat(40)], 1, '', 'too big');
	await says(['9 '.repeat(40_000)], 1, '', 'there is no amount');
	await says([], 2, '', 'separex amount TEXT');
});

await run();
