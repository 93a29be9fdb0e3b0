import { setTimeout as sleep } from 'node:timers/promises';
import { CredentialTestContext } from 'n8n-core';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import type { ItemError } from '../../nodes/OpenGateway/errors';
import { openGatewayApiTest } from '../../nodes/OpenGateway/methods/credentialTest';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import {
	answering,
	deep,
	drip,
	dripHeaders,
	flood,
	gzipBomb,
	manyHeaders,
	redirectLoop,
	silence,
	startHostileServer,
	type Behaviour,
	type HostileServer,
} from '../support/hostileServer';

/**
 * An operator that wants to hold n8n up: whatever it sends, the run ends soon, takes little memory,
 * and says what to do.
 */
let operator: HostileServer;
/** By the end of the path; every other request is granted. */
let script: Record<string, Behaviour> = {};

beforeAll(async () => {
	operator = await startHostileServer((request, response) => {
		const { url = '' } = request;
		const [, scripted] = Object.entries(script).find(([end]) => url.endsWith(end)) ?? [];
		(scripted ?? granted(url))(request, response);
	});
});
afterAll(async () => await operator.close());

function granted(path: string): Behaviour {
	if (path.endsWith('/bc-authorize')) {
		return answering({ auth_req_id: 'made-up-id', expires_in: 60, interval: 1 });
	}
	if (path.endsWith('/token')) {
		return answering({ access_token: 'made-up-token', token_type: 'Bearer', expires_in: 60 });
	}
	return answering({ roaming: true });
}

/** Bytes by which the process may grow in one test: a thousandth of what it is sent would fit in 100 times. */
const MOST_MEMORY = 120e6;

/** Runs, and measures the time (ms) and by how much the process grew at most (bytes). */
async function measured<Result>(run: () => Promise<Result>) {
	const before = process.memoryUsage.rss();
	let most = before;
	const measuring = setInterval(() => {
		most = Math.max(most, process.memoryUsage.rss());
	}, 5);
	const start = performance.now();
	const result = await run().finally(() => clearInterval(measuring));
	const ms = performance.now() - start;
	most = Math.max(most, process.memoryUsage.rss());
	return { result, ms, grown: most - before };
}

const lines: string[] = [];
afterAll(() => console.info(['A hostile operator:', ...lines].join('\n')));

const telefonica = (changes: IDataObject = {}) =>
	openGatewayApi({ baseUrl: operator.baseUrl, ...changes });
const discovering = () =>
	openGatewayApi({
		operator: 'camara',
		baseUrl: operator.baseUrl,
		// Documents are cached by their address.
		discoveryUrl: `${operator.baseUrl}/${Math.random()}`,
	});
const signedIn = () =>
	({
		operator: 'camara',
		baseUrl: operator.baseUrl,
		grantType: 'pkce',
		authentication: 'header',
		clientId: 'made-up-id',
		clientSecret: 'made-up-secret',
		accessTokenUrl: `${operator.baseUrl}/token`,
		oauthTokenData: { access_token: 'kept', refresh_token: 'refresh', token_type: 'Bearer' },
	}) as ICredentialDataDecryptedObject;

interface Limits {
	/** ms. */
	readonly within: number;
	readonly code?: RegExp;
}

/** Runs the node for one device, and checks that it ends as it must. */
async function run(
	what: string,
	credential: ICredentialDataDecryptedObject,
	behaviours: Record<string, Behaviour>,
	{ within, code = /^[A-Z]/ }: Limits,
): Promise<ItemError> {
	script = behaviours;
	const from = operator.sent;
	const parameters = {
		...('oauthTokenData' in credential && { identifierType: 'signedInPhone' }),
		options: { retries: 0, timeout: 1 },
	};
	const { result, ms, grown } = await measured(
		async () =>
			await runNode([{ phoneNumber: '+34600000001' }], {
				credential,
				parameters,
				onError: 'continueRegularOutput',
			}),
	);
	const error = result.outputs[0]?.[0]?.json.error as unknown as ItemError | undefined;
	const figures = `${Math.round(ms)} ms, ${(grown / 1e6).toFixed(0)} MB more memory, ${((operator.sent - from) / 1e6).toFixed(1)} MB sent`;
	lines.push(`- ${what}: ${error?.code ?? 'an answer'} after ${figures}`);
	expect(error).toMatchObject({
		code: expect.stringMatching(code) as string,
		message: expect.stringMatching(/\. [A-Z].*\.$/s) as string,
		nextMove: expect.stringMatching(/^(?:you|operator|registration|lineOwner)$/) as string,
	});
	expect(grown).toBeLessThan(MOST_MEMORY);
	expect(ms).toBeLessThan(within);
	return error!;
}

const places: [place: string, end: string, credential: () => ICredentialDataDecryptedObject][] = [
	['CIBA', '/bc-authorize', telefonica],
	['the token', '/token', telefonica],
	['the API', '/roaming', telefonica],
	['discovery', '/openid-configuration', discovering],
	['the API, signed in', '/retrieve', signedIn],
];

describe.each(places)('in place of the response of %s', (place, end, credential) => {
	test.each<[what: string, behaviour: Behaviour, code: RegExp]>([
		['1 GB, packed by gzip', gzipBomb(), /UNEXPECTED_ANSWER/],
		['1 GB', flood(), /UNEXPECTED_ANSWER/],
		['1 GB, announced', flood(200, 1e9), /UNEXPECTED_ANSWER/],
		['a refusal of 1 GB, packed by gzip', gzipBomb(400), /UNEXPECTED_ANSWER/],
		['ten thousand headers', manyHeaders, /UNREACHABLE/],
		['JSON of 100,000 levels', answering(deep(100_000)), /^[A-Z]/],
		['JSON of 100,000 levels in a member', answering(`{"error":{"a":${deep(100_000)}}}`), /^/],
		[
			'a refusal of 100,000 levels',
			answering(`{"error":{"a":${deep(100_000)}}}`, 403),
			/HTTP_403|UNEXPECTED_ANSWER/,
		],
		['a redirect to itself', redirectLoop, /HTTP_302|UNEXPECTED_ANSWER/],
	])('%s', async (what, behaviour, code) => {
		await run(
			`${what}, in place of ${place}`,
			credential(),
			{ [end]: behaviour },
			{
				within: 3000,
				code,
			},
		);
	});

	test.each([
		['no byte', silence],
		['a byte of the body every 300 ms', drip],
		['a byte of the headers every 300 ms', dripHeaders],
	])('%s', async (what, behaviour) => {
		const open = operator.open;
		await run(
			`${what}, in place of ${place}`,
			credential(),
			{ [end]: behaviour },
			{
				within: 5000,
				code: /TIMEOUT/,
			},
		);
		// Nothing goes on in the background.
		const deadline = Date.now() + 5000;
		while (operator.open > open && Date.now() < deadline) await sleep(50);
		expect(operator.open).toBeLessThanOrEqual(open);
	});
});

describe('in place of a new token for a signed-in phone', () => {
	const refused = answering({ code: 'UNAUTHENTICATED' }, 401);
	test.each([
		['no byte', silence],
		['a byte of the body every 300 ms', drip],
		['a byte of the headers every 300 ms', dripHeaders],
	])('%s', async (what, behaviour) => {
		await run(
			`${what}, in place of a new token`,
			signedIn(),
			{ '/retrieve': refused, '/token': behaviour },
			{ within: 5000, code: /TIMEOUT/ },
		);
	});
});

describe('a wait', () => {
	test.each(['1000000000', '999999999', '-1', 'NaN', 'soon', '121', '0', '1e9', ''])(
		'that HTTP 503 asks for as %j has an end',
		async (seconds) => {
			script = { '/roaming': answering({}, 503, { 'retry-after': seconds }) };
			const { result, ms } = await measured(
				async () =>
					await runNode([{ phoneNumber: '+34600000001' }], {
						credential: telefonica(),
						parameters: { options: { retries: 1 } },
						onError: 'continueRegularOutput',
					}),
			);
			lines.push(`- HTTP 503 with Retry-After ${JSON.stringify(seconds)}: ${Math.round(ms)} ms`);
			expect(result.outputs[0]?.[0]?.json.error).toMatchObject({ nextMove: 'operator' });
			expect(ms).toBeLessThan(5000);
		},
	);

	test.each<[interval: unknown, expires_in: unknown]>([
		[0, 3],
		[-1, 3],
		[1e9, 3],
		[null, 3],
		['NaN', 3],
		['soon', 3],
		[1e308, 1e308],
		[1e9, -1],
		[1e9, 'soon'],
		[4000, 1e9],
	])('between polls of %j s has an end, for a request of %j s', async (interval, expires_in) => {
		await run(
			`CIBA with the interval ${JSON.stringify(interval)} and expires_in ${JSON.stringify(expires_in)}`,
			telefonica(),
			{
				'/bc-authorize': answering({ auth_req_id: 'made-up-id', expires_in, interval }),
				'/token': answering({ error: 'authorization_pending' }, 400),
			},
			{ within: 5000, code: /expired_token/ },
		);
	});
});

test.each([0, -1, 1e9, 1e308, null, 'NaN', 'soon', [], {}])(
	'a token that lives for %j s is used',
	async (expires_in) => {
		script = {
			'/token': answering({ access_token: 'made-up-token', token_type: 'Bearer', expires_in }),
		};
		const { outputs } = await runNode([{ phoneNumber: '+34600000001' }], {
			credential: telefonica(),
		});
		expect(outputs[0]).toMatchObject([{ json: { roaming: true } }]);
	},
);

describe('the credential’s test ends', () => {
	const testOf = async (behaviours: Record<string, Behaviour>) => {
		script = behaviours;
		const data = telefonica();
		const credential = { id: '1', name: 'Operator', type: 'openGatewayApi', data };
		return await measured(
			async () => await openGatewayApiTest.call(new CredentialTestContext(), credential),
		);
	};

	test.each<[what: string, behaviour: Behaviour]>([
		['1 GB, packed by gzip', gzipBomb()],
		['1 GB', flood()],
	])('with %s', async (what, behaviour) => {
		const { result, ms, grown } = await testOf({ '/token': behaviour });
		lines.push(
			`- the credential’s test with ${what}: ${Math.round(ms)} ms, ${Math.round(grown / 1e6)} MB`,
		);
		expect(result).toEqual({
			status: 'Error',
			message: expect.stringMatching(/Base URL/) as string,
		});
		expect(grown).toBeLessThan(MOST_MEMORY);
		expect(ms).toBeLessThan(5000);
	});

	test.each([
		['a byte of the body every 300 ms', drip],
		['a byte of the headers every 300 ms', dripHeaders],
	])('with %s', async (what, behaviour) => {
		const { result, ms } = await testOf({ '/token': behaviour });
		lines.push(`- the credential’s test with ${what}: ${Math.round(ms)} ms`);
		expect(result).toEqual({
			status: 'Error',
			message: expect.stringMatching(/did not respond within 10 s/) as string,
		});
		expect(ms).toBeLessThan(15_000);
	});
});
