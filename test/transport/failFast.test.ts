import { EndedEarly, OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { FailFast } from '../../nodes/OpenGateway/transport/failFast';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

type Context = ConstructorParameters<typeof OpenGatewayError>[1];
const refused = (status: number | undefined, code = `HTTP_${status}`, changes = {}) =>
	new OpenGatewayError('Refused about +346•••••001.', {
		status,
		code,
		remedy: 'Try again.',
		nextMove: 'registration',
		summary: 'Refused about the device.',
		...changes,
	} satisfies Context);

/** A run whose items end with these outcomes, one after the other. */
function runOf(outcomes: readonly unknown[]) {
	const seen = { started: 0, ended: [] as EndedEarly[], skipped: 0 };
	const run = new AbortController();
	const failFast = new FailFast({
		onEnd: (error) => void seen.ended.push(error),
		onSkipped: () => seen.skipped++,
		signal: run.signal,
	});
	const execute = failFast.watching(async (itemIndex) => {
		seen.started++;
		const outcome = outcomes[itemIndex];
		if (outcome instanceof Error) throw outcome;
		return outcome;
	});
	const runAll = async () => {
		for (let item = 0; item < outcomes.length; item++) await execute(item).catch(() => undefined);
	};
	return { seen, failFast, execute, runAll, run };
}

const repeated = <Outcome>(times: number, outcome: () => Outcome) =>
	Array.from({ length: times }, outcome);

async function endedBy(outcomes: readonly unknown[]): Promise<EndedEarly | undefined> {
	const { seen, runAll } = runOf(outcomes);
	await runAll();
	return seen.ended[0];
}

test('a quota that is used up ends the run at once, with an error that names no device', async () => {
	expect(await endedBy([refused(429, 'QUOTA_EXCEEDED')])).toMatchObject({
		message: 'Refused about the device. The run ended without an answer about this device.',
		nextMove: 'registration',
		summary: 'Refused about the device.',
		context: { code: 'QUOTA_EXCEEDED', remedy: 'Try again.' },
	});
});

const OF_ALL: [what: string, error: () => OpenGatewayError][] = [
	['HTTP 401', () => refused(401)],
	['HTTP 429', () => refused(429)],
	['HTTP 503', () => refused(503)],
	['invalid_client', () => refused(400, 'invalid_client')],
	['invalid_scope', () => refused(403, 'invalid_scope')],
	['insufficient_scope', () => refused(403, 'insufficient_scope')],
	['another server at the address', () => refused(404, 'HTTP_404', { misdirected: true })],
	['no server at the address', () => refused(undefined, 'UNREACHABLE')],
];

test.each(OF_ALL)('ten refusals in a row end the run: %s', async (_what, error) => {
	expect(await endedBy(repeated(9, error))).toBeUndefined();
	expect(await endedBy(repeated(10, error))).toBeInstanceOf(EndedEarly);
});

test.each<[what: string, between: unknown]>([
	['an answer', { roaming: true }],
	['a refusal of one device: 404', refused(404, 'NOT_FOUND')],
	['a refusal of one device: 403', refused(403, 'access_denied')],
	['a refusal of one device: 422', refused(422, 'SERVICE_NOT_APPLICABLE')],
])('refusals are not in a row with %s between them', async (_what, between) => {
	const nine = () => repeated(9, () => refused(401));
	expect(await endedBy([...nine(), between, ...nine()])).toBeUndefined();
});

test('an address at which one device was answered is not another server’s', async () => {
	const elsewhere = () => refused(404, 'HTTP_404', { misdirected: true });
	expect(await endedBy([{ roaming: true }, ...repeated(30, elsewhere)])).toBeUndefined();
});

test('an item that the node refuses itself says nothing about the operator', async () => {
	const invalid = refused(undefined, 'INVALID_DEVICE');
	const five = () => repeated(5, () => refused(401));
	expect(await endedBy(repeated(30, () => invalid))).toBeUndefined();
	expect(await endedBy([...five(), invalid, ...five()])).toBeInstanceOf(EndedEarly);
});

test('an error that many items share counts once', async () => {
	const shared = refused(401);
	expect(await endedBy(repeated(30, () => shared))).toBeUndefined();
});

test('the items that were given up are counted, and end nothing', async () => {
	const { seen, runAll } = runOf(
		repeated(20, () => new EndedEarly('The run ended', { code: 'HTTP_429', remedy: '' })),
	);
	await runAll();
	expect(seen).toMatchObject({ skipped: 20, ended: [] });
});

describe('a request that is given up after all its retries', () => {
	/** Whether the run ends with it, after as many transient refusals of all its requests. */
	async function ends(refusals: number, { answeredMeanwhile = false, status = 429 } = {}) {
		const { seen, failFast, execute } = runOf([{ roaming: true }, refused(status)]);
		const since = performance.now() + (answeredMeanwhile ? 0 : 1);
		await execute(0);
		for (let time = 0; time < refusals; time++) failFast.onTransient();
		jest.advanceTimersByTime(5000);
		failFast.onGiveUp(since);
		await execute(1).catch(() => undefined);
		return seen.ended.length > 0;
	}

	test('ends the run if the operator answered nobody meanwhile', async () => {
		expect(await ends(10)).toBe(true);
	});

	test.each([
		['too few were refused', 9, {}],
		['another device was answered meanwhile', 10, { answeredMeanwhile: true }],
		['its refusal is another one', 10, { status: 404 }],
	])('does not if %s', async (_why, refusals, changes) => {
		expect(await ends(refusals, changes)).toBe(false);
	});
});

describe('a run sends requests for forty items first, and for the others', () => {
	/** How many of a hundred items may send, before and after. */
	async function begun(outcome: unknown, after: (run: AbortController) => void | Promise<void>) {
		const begun = runOf(repeated(100, () => outcome));
		const finished: Promise<unknown>[] = [];
		let release: (outcome: unknown) => void = () => undefined;
		const first = new Promise((resolve) => {
			release = resolve;
		});
		const execute = begun.failFast.watching(async (itemIndex) => {
			await begun.failFast.admission(itemIndex);
			begun.seen.started++;
			const settled = itemIndex === 0 ? await first : await new Promise(() => undefined);
			if (settled instanceof Error) throw settled;
			return settled;
		});
		for (let item = 0; item < 100; item++) finished.push(execute(item).catch(() => undefined));
		await jest.advanceTimersByTimeAsync(4999);
		const before = begun.seen.started;
		if (outcome !== undefined) release(outcome);
		await after(begun.run);
		await jest.advanceTimersByTimeAsync(0);
		return [before, begun.seen.started];
	}
	const nothing = () => undefined;

	test.each<[when: string, outcome: unknown]>([
		['one is answered', { roaming: true }],
		['one is refused for itself', refused(404, 'NOT_FOUND')],
		['the node refuses one itself', refused(undefined, 'INVALID_DEVICE')],
		['the run ends early', refused(429, 'QUOTA_EXCEEDED')],
	])('as soon as %s', async (_when, outcome) => {
		expect(await begun(outcome, nothing)).toEqual([40, 100]);
	});

	test('not for a refusal of them all, but after five seconds', async () => {
		expect(await begun(refused(401), nothing)).toEqual([40, 40]);
		expect(
			await begun(undefined, async () => void (await jest.advanceTimersByTimeAsync(1))),
		).toEqual([40, 100]);
	});
});
