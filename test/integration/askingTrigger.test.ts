import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import { applications } from '../../sandbox/applications';
import type { RoamingEvent } from '../../nodes/OpenGateway/triggers/roamingEvent';
import { askingTrigger, type AskingTrigger } from '../support/askingTrigger';
import { openGatewayApi } from '../support/credential';
import { devices } from '../support/devices';
import { startFaultProxy } from '../support/faultProxy';
import { pathsAsked, sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();

const credential = () => openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica });
const all = ['started', 'stopped', 'countryChanged', 'status'];
/** A fault is final at once. */
const impatient = { retries: 0, timeout: 1 };

interface Watched {
	numbers: readonly string[];
	event?: string[];
	options?: INodeParameters;
}

const fields = ({ numbers, event = all, options = impatient }: Watched) => ({
	...{ event, identifierType: 'phoneNumber', devices: numbers.join('\n'), options },
});

const numbersOf = (count: number) => devices(count).map(({ phoneNumber }) => phoneNumber);

/** How many devices the operator was asked about. */
const asked = async () => (await pathsAsked(sandbox)).filter((path) => path === 'roaming').length;

/** What an item says about the change, in short. */
const inShort = ({ event, previous, roaming, country }: RoamingEvent) => ({
	...{ event, previous, roaming, country },
});

const allItems = ({ starts }: AskingTrigger) => starts.flat();

describe('an item', () => {
	const [number = ''] = numbersOf(1);

	test('has every field, and the time when the change was found out', async () => {
		const trigger = askingTrigger({
			parameters: fields({ numbers: [number] }),
			credential: credential(),
		});
		await sandbox.move(number, { country: 'FR' });
		await trigger.begin();
		await sandbox.move(number, { country: 'BE' });
		const since = new Date().getTime();
		await trigger.tick();
		expect(trigger.starts).toEqual([
			[
				{
					event: 'countryChanged',
					device: { phoneNumber: number },
					roaming: true,
					country: 'BE',
					countryCode: 206,
					countryName: ['BE'],
					previous: { roaming: true, country: 'FR' },
					time: expect.any(String) as string,
					subscriptionId: null,
					eventId: null,
				},
			],
		]);
		const { time } = trigger.starts[0]![0]!;
		expect(new Date(time).toISOString()).toBe(time);
		expect(Date.parse(time)).toBeGreaterThanOrEqual(since);
		expect(Date.parse(time)).toBeLessThanOrEqual(new Date().getTime());
	});

	test('comes once, with all others of its ask', async () => {
		const numbers = numbersOf(8);
		const trigger = askingTrigger({
			parameters: fields({ numbers }),
			credential: credential(),
		});
		for (const one of numbers) await sandbox.move(one, { country: 'ES' });
		await trigger.begin();
		for (const one of numbers) await sandbox.move(one, { country: 'FR' });
		await trigger.tick();
		await trigger.tick();
		expect(trigger.starts).toHaveLength(1);
		expect(allItems(trigger).map(({ device }) => device)).toEqual(
			numbers.map((phoneNumber) => ({ phoneNumber })),
		);
	});
});

test.each([
	[['started'], ['started']],
	[['stopped'], ['stopped']],
	[['countryChanged'], ['countryChanged', 'countryChanged']],
	[['status'], ['status', 'status']],
	[all, ['started', 'countryChanged', 'countryChanged', 'stopped']],
])('home, Germany, France, Belgium and home again, with %j chosen: %j', async (event, expected) => {
	const numbers = numbersOf(1);
	const trigger = askingTrigger({
		parameters: fields({ numbers, event }),
		credential: credential(),
	});
	await sandbox.move(numbers[0]!, { country: 'ES' });
	await trigger.begin();
	for (const country of ['DE', 'FR', 'BE', 'ES']) {
		await sandbox.move(numbers[0]!, { country });
		await trigger.tick();
	}
	expect(allItems(trigger).map((item) => item.event)).toEqual(expected);
});

describe('when it is published', () => {
	test('it remembers without a word, and n8n stores it', async () => {
		const numbers = numbersOf(4);
		const trigger = askingTrigger({
			parameters: fields({ numbers }),
			credential: credential(),
		});
		await trigger.begin();
		expect(trigger.starts).toEqual([]);
		const { asked } = Object.values(JSON.parse(trigger.stored) as object)[0] as {
			asked: { devices: object };
		};
		expect(Object.values(asked.devices)).toEqual(['1DE262', '0', '1340', '1ES214']);
	});

	test('Initial Status starts the workflow with all devices once', async () => {
		const numbers = numbersOf(4);
		const setting = {
			parameters: fields({ numbers, options: { ...impatient, initialStatus: true } }),
			credential: credential(),
			credentialId: 'same',
		};
		const trigger = askingTrigger(setting);
		await trigger.begin();
		await trigger.tick();
		expect(trigger.starts.map((items) => items.map(inShort))).toEqual([
			[
				{ event: 'started', previous: null, roaming: true, country: 'DE' },
				{ event: 'stopped', previous: null, roaming: false, country: null },
				{ event: 'started', previous: null, roaming: true, country: null },
				{ event: 'started', previous: null, roaming: true, country: 'ES' },
			],
		]);

		const restarted = askingTrigger({
			...{ ...setting, stored: trigger.stored, activation: 'init' as const },
		});
		await restarted.begin();
		await restarted.tick();
		expect(restarted.starts).toEqual([]);
	});

	test('a device that has no answer yet has its initial status later', async () => {
		const [, atHome = '', inAntilles = ''] = numbersOf(4);
		await sandbox.setOddities({ [atHome.slice(-1)]: 'webPage' });
		const trigger = askingTrigger({
			parameters: fields({
				numbers: [atHome, inAntilles],
				options: { ...impatient, initialStatus: true },
			}),
			credential: credential(),
		});
		await trigger.begin();
		await sandbox.setOddities({});
		await trigger.tick();
		expect(trigger.starts.map((items) => items.map(({ event }) => event))).toEqual([
			['started'],
			['stopped'],
		]);
	});

	test('an application that is refused is told to the person who publishes', async () => {
		const setting = {
			parameters: fields({ numbers: numbersOf(50) }),
			credential: { ...credential(), clientSecret: 'wrong-secret' },
		};
		const trigger = askingTrigger(setting);
		await expect(trigger.begin()).rejects.toMatchObject({ context: { code: 'invalid_client' } });
		// The run ended early.
		expect((await sandbox.exchanges()).length).toBeLessThan(50);

		await expect(
			askingTrigger({ ...setting, activation: 'init' }).begin(),
		).resolves.toBeUndefined();
	});

	test.each([
		['one of two devices is unknown to the operator', ['+34600000009', '+34600000001']],
		['the network is unavailable', ['+34600000000']],
		['the phone’s owner refuses consent', ['+34600000007']],
	])('it is published although %s', async (_, numbers) => {
		const trigger = askingTrigger({
			parameters: fields({ numbers }),
			credential: credential(),
		});
		await trigger.begin();
		expect(trigger.warnings).toHaveLength(1);
	});

	test('a first ask that takes longer goes on, and is in time for the clock', async () => {
		const [number = ''] = numbersOf(1);
		await sandbox.move(number, { country: 'ES' });
		await sandbox.setLatency(4000);
		const trigger = askingTrigger({
			parameters: fields({ numbers: [number], options: { timeout: 15 } }),
			credential: credential(),
		});
		await trigger.begin();
		expect((await pathsAsked(sandbox)).at(-1)).not.toBe('roaming');
		await sandbox.setLatency(0);
		while ((await pathsAsked(sandbox)).at(-1) !== 'roaming') await sleep(100);

		await sandbox.move(number, { country: 'FR' });
		while (trigger.starts.length === 0) await trigger.tick();
		expect(allItems(trigger).map(inShort)).toEqual([
			{
				event: 'started',
				previous: { roaming: false, country: null },
				roaming: true,
				country: 'FR',
			},
		]);
	}, 60_000);
});

describe('when n8n restarts', () => {
	const [number = ''] = numbersOf(1);
	const published = (changes: object = {}, event = ['started']) =>
		askingTrigger({
			parameters: fields({ numbers: [number], event }),
			credential: credential(),
			credentialId: 'same',
			...changes,
		});

	test('it asks at the next tick, and finds what has changed meanwhile', async () => {
		await sandbox.move(number, { country: 'ES' });
		const before = published();
		await before.begin();
		await sandbox.move(number, { country: 'FR' });
		const { length } = await sandbox.exchanges();

		const after = published({ stored: before.stored, activation: 'init' });
		await after.begin();
		expect(await sandbox.exchanges()).toHaveLength(length);
		await after.tick();
		expect(allItems(after).map(inShort)).toEqual([
			{
				event: 'started',
				previous: { roaming: false, country: null },
				roaming: true,
				country: 'FR',
			},
		]);

		const again = published({ stored: after.stored, activation: 'init' });
		await again.tick();
		expect(again.starts).toEqual([]);
	});

	test.each([
		['of the same process, it remembers a change that started nothing', 'same workflow', 1],
		['of another process, n8n has stored the status before it', 'after a restart', 0],
	])('%s', async (_, workflowId, starts) => {
		await sandbox.move(number, { country: 'FR' });
		const before = published({ workflowId: 'same workflow' });
		await before.begin();
		await sandbox.move(number, { country: 'ES' });
		await before.tick();
		before.end();

		await sandbox.move(number, { country: 'FR' });
		const after = published({ workflowId, stored: before.stored, activation: 'update' });
		await after.begin();
		await after.tick();
		expect(before.starts).toEqual([]);
		expect(after.starts).toHaveLength(starts);
	});

	test('a changed credential begins anew without a word, also about a device without an answer', async () => {
		const numbers = numbersOf(2);
		const options = { ...impatient, initialStatus: true };
		const parameters = fields({ numbers, options });
		const before = published({ parameters });
		await before.begin();
		expect(allItems(before)).toHaveLength(2);

		await sandbox.setOddities({ [numbers[1]!.slice(-1)]: 'webPage' });
		const after = published({
			...{ parameters, credentialId: 'other', stored: before.stored },
		});
		await after.begin();
		await after.tick();
		await sandbox.setOddities({});
		await after.tick();
		expect(after.starts).toEqual([]);

		await sandbox.move(numbers[1]!, { country: 'FR' });
		await after.tick();
		expect(allItems(after).map(inShort)).toEqual([
			{
				event: 'started',
				previous: { roaming: false, country: null },
				roaming: true,
				country: 'FR',
			},
		]);
	});

	test('a device that is no longer listed is forgotten', async () => {
		const numbers = numbersOf(4);
		const before = published({ parameters: fields({ numbers }) });
		await before.begin();
		const after = published({
			parameters: fields({ numbers: numbers.slice(0, 1) }),
			stored: before.stored,
			activation: 'update',
		});
		await after.tick();
		// It is stored with the next start.
		await sandbox.move(numbers[0]!, { country: 'BE' });
		await after.tick();
		const [{ asked } = { asked: { devices: {} } }] = Object.values(
			JSON.parse(after.stored) as Record<string, { asked: { devices: object } }>,
		);
		expect(Object.values(asked.devices)).toEqual(['1BE206']);
	});
});

describe('the clock', () => {
	test('asks when the interval is over, give or take half a minute', async () => {
		const minutes = (count: number) => count * 60_000;
		const trigger = askingTrigger({
			parameters: { ...fields({ numbers: numbersOf(1) }), interval: 15 },
			credential: credential(),
		});
		await trigger.begin();
		for (const [after, asks] of [
			[minutes(1), 1],
			[minutes(13), 1],
			[minutes(1) - 1000, 2],
			[minutes(1), 2],
			[minutes(14), 3],
		] as const) {
			await trigger.tick(after);
			expect([after, await asked()]).toEqual([after, asks]);
		}
	});

	test('passes over an ask while another one is in progress', async () => {
		const numbers = numbersOf(4);
		await sandbox.setLatency(300);
		const setting = {
			...{ parameters: fields({ numbers }), credential: credential(), workflowId: 'twice' },
		};
		const [one, other] = [askingTrigger(setting), askingTrigger(setting)];
		await Promise.all([one.tick(), one.tick(), other.tick()]);
		await sandbox.setLatency(0);
		expect(await asked()).toBe(4);
		await other.tick();
		expect(await asked()).toBe(8);
	});

	test('ends the ask in progress when the workflow is unpublished, and asks no more', async () => {
		const numbers = numbersOf(6);
		const [number = ''] = numbers;
		await sandbox.move(number, { country: 'ES' });
		const trigger = askingTrigger({
			parameters: fields({ numbers, options: { ...impatient, maxConcurrency: 1 } }),
			credential: credential(),
		});
		await trigger.begin();
		await sandbox.move(number, { country: 'FR' });
		await sandbox.setLatency(500);
		const asking = trigger.tick();
		await sleep(100);
		trigger.end();
		const { length } = await sandbox.exchanges();
		await sandbox.setLatency(0);
		await asking;
		await trigger.tick();
		await sleep(700);
		// What was in flight may still have arrived.
		expect((await sandbox.exchanges()).length - length).toBeLessThanOrEqual(1);
		expect(trigger.starts).toEqual([]);
		expect(trigger.warnings).toEqual([]);
	});
});

describe('a fault', () => {
	test('is logged once until it has passed, without a number, and changes nothing', async () => {
		const numbers = numbersOf(4);
		const trigger = askingTrigger({
			parameters: fields({ numbers }),
			credential: credential(),
		});
		await trigger.begin();
		const [ending] = numbers.map((number) => number.slice(-1));
		for (let time = 0; time < 2; time++) {
			await sandbox.setOddities({ [ending!]: 'webPage' });
			for (let ask = 0; ask < 3; ask++) await trigger.tick();
			await sandbox.setOddities({});
			await trigger.tick();
		}
		trigger.end();
		expect(trigger.warnings).toHaveLength(2);
		expect(trigger.warnings.join()).not.toMatch(/\d{4}|•/);
		expect(trigger.starts).toEqual([]);
	});

	test('of the operator as a whole ends the ask early', async () => {
		const numbers = numbersOf(300);
		const trigger = askingTrigger({
			parameters: fields({ numbers, options: { retries: 0 } }),
			credential: credential(),
		});
		await sandbox.setOddities({ '*': 'detail' });
		await trigger.tick();
		await sandbox.setOddities({});
		expect((await sandbox.exchanges()).length).toBeLessThan(150);
		expect(trigger.warnings).toHaveLength(1);
	});
});

/** Mulberry32: the same numbers (0 to 1) for the same seed. */
function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Where a device can be, and what the operator then says of the country. */
const places = {
	home: { country: 'ES' },
	FR: { country: 'FR' },
	DE: { country: 'DE' },
	BE: { country: 'BE' },
	antilles: { roaming: true, countryCode: 340, countryName: ['BL', 'GF', 'GP', 'MF', 'MQ'] },
	sea: { roaming: true, countryCode: 901, countryName: [] },
	withheld: { roaming: true },
};
type Place = keyof typeof places;

/** What is known of a device: whether it roams, and where it was seen last abroad. */
interface Known {
	roaming: boolean;
	seen: Place | undefined;
}

const countryOf = ({ seen }: Known) => (seen && /^[A-Z]{2}$/.test(seen) ? seen : null);

/** The change that a border crossing is, by the words of the documents. */
function crossing(before: Known, to: Place): { event: string | undefined; after: Known } {
	if (to === 'home') {
		return {
			event: before.roaming ? 'stopped' : undefined,
			after: { roaming: false, seen: undefined },
		};
	}
	const seen = to === 'withheld' ? undefined : to;
	if (!before.roaming) return { event: 'started', after: { roaming: true, seen } };
	const isOther = seen !== undefined && before.seen !== undefined && seen !== before.seen;
	return {
		event: isOther ? 'countryChanged' : undefined,
		after: { roaming: true, seen: seen ?? before.seen },
	};
}

test('of 200 asks about 50 devices, most of them with faults, the items are exactly the changes', async () => {
	const random = randomFrom(14);
	const oneOf = <Choice>(choices: readonly Choice[]) =>
		choices[Math.floor(random() * choices.length)]!;
	const plan = {
		seed: 14,
		share: 0,
		// The limiter would wait, the operator would say what is not so, or each ask would take long.
		except: [
			'429 with Retry-After in seconds',
			'429 with Retry-After as a date',
			'429 without Retry-After',
			'JSON of another type',
			'never answered',
		] as const,
	};
	const proxy = await startFaultProxy(sandbox.origin, plan);
	const numbers = numbersOf(50);
	const known = new Map(
		numbers.map((number): [string, Known] => [number, { roaming: false, seen: undefined }]),
	);
	await Promise.all(numbers.map(async (number) => await sandbox.move(number, places.home)));
	const trigger = askingTrigger({
		parameters: fields({ numbers, options: { retries: 0 } }),
		credential: openGatewayApi({
			baseUrl: sandbox.baseUrls.telefonica.replace(sandbox.origin, proxy.origin),
		}),
	});
	await trigger.begin();

	let asks = 0;
	let crossings = 0;
	const counts: Record<string, number> = {};
	while (asks < 200) {
		const expected: object[] = [];
		for (const number of numbers.filter(() => random() < 0.3)) {
			const to = oneOf(Object.keys(places) as Place[]);
			await sandbox.move(number, places[to]);
			const before = known.get(number)!;
			const { event, after } = crossing(before, to);
			known.set(number, after);
			crossings++;
			if (event === undefined) continue;
			counts[event] = (counts[event] ?? 0) + 1;
			expected.push({
				number,
				event,
				previous: { roaming: before.roaming, country: countryOf(before) },
				roaming: after.roaming,
				country: to === 'withheld' ? null : countryOf(after),
			});
		}
		const { length } = trigger.starts;
		// Three asks with faults, or of an operator that is down; the fourth has none.
		plan.share = 0.08;
		for (let ask = 0; ask < 3; ask++) {
			if (random() < 0.04) await sandbox.setOddities({ '*': oneOf(['detailOfFault', 'webPage']) });
			await trigger.tick();
			await sandbox.setOddities({});
		}
		plan.share = 0;
		await trigger.tick();
		asks += 4;

		const items = trigger.starts.slice(length).flat();
		const found = items.map((item) => {
			const { phoneNumber } = item.device as { phoneNumber: string };
			return { number: phoneNumber, ...inShort(item) };
		});
		const byNumber = (list: object[]) =>
			list
				.map((entry) =>
					JSON.stringify(entry, ['number', 'event', 'previous', 'roaming', 'country']),
				)
				.sort();
		expect([asks, byNumber(found)]).toEqual([asks, byNumber(expected)]);
	}
	trigger.end();
	const { requests, faults } = proxy.met();
	await proxy.close();

	const met = Object.values(faults).reduce((sum, times) => sum + times, 0);
	console.log(
		`${asks} asks: ${crossings} crossings, ${JSON.stringify(counts)}; ${requests} requests, ${met} faults; ${trigger.stored.length} bytes stored`,
	);
	expect(met).toBeGreaterThan(300);
	expect(trigger.stored.length).toBeLessThan(50 * 40);
	for (const number of numbers) expect(trigger.stored).not.toContain(number.slice(-9));
	for (const secret of [applications.roaming.clientSecret, applications.roaming.clientId]) {
		expect(trigger.stored).not.toContain(secret);
	}
}, 300_000);
