// A bank that takes calls and never answers: people are answered all the same.
import { createServer } from 'node:net';
import { TestFailure, person, run, test } from './lib.mjs';
import { asks, closeHouse, draft, openHouse } from './deals.mjs';

const DEALS = 10; // more than there are requests under way at once
const PATIENCE_MS = 8000; // the bank's calls end after 15 s

const sockets = new Set();
const bank = createServer((socket) => sockets.add(socket.on('error', () => {})));

test('who asks while every payment waits for the bank is answered', async () => {
	for (let i = 0; i < DEALS; i++) {
		const d = await draft({ title: `Thing ${i}` });
		await d.goes('AWAIT_PAY');
		const began = Date.now();
		await asks(person('mina'), '/fee 1000000');
		if (Date.now() - began > PATIENCE_MS) throw new TestFailure(`after ${i + 1} payments an answer took ${Date.now() - began} ms`);
	}
});

await run({
	before: async () => {
		await new Promise((done) => bank.listen(0, '127.0.0.1', done));
		await openHouse({ env: { SEPAREX_SANDBOX_BANK_URL: `http://127.0.0.1:${bank.address().port}/bank` } });
	},
	after: async () => {
		for (const s of sockets) s.destroy();
		bank.close();
		await closeHouse();
	},
});
