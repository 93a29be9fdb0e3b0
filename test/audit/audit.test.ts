import type { Exchange } from '../../sandbox/exchanges';
import type { Delivery } from '../../sandbox/subscriptions/deliveries';
import { tokensSeen } from '../support/foreignTokens';
import { confidential, encodings, leaks, linesOfKey, readable } from '../support/leaks';
import { eventFindings, openApiDocumentsPresent, openApiFindings } from '../support/openapi';
import { recordings, type Recording } from '../support/recordings';

const recorded = recordings();
const exchanges = recorded.flatMap((recording) =>
	recording.kind === 'exchanges' ? (recording.exchanges as Exchange[]) : [],
);

test('the suites have recorded what they saw', () => {
	expect(recorded.filter(({ kind }) => kind === 'execution').length).toBeGreaterThan(0);
	expect(exchanges.length).toBeGreaterThan(0);
});

const whereDocumentsArePresent = openApiDocumentsPresent ? test : test.skip;
whereDocumentsArePresent(
	'every request, and every answer of the sandbox, is valid by the operator’s OpenAPI documents',
	() => {
		const findings = exchanges.flatMap((exchange) =>
			(openApiFindings(exchange) ?? []).map((finding) => `${exchange.path}: ${finding}`),
		);
		console.log(`${exchanges.length} requests checked against the operator’s OpenAPI documents.`);
		expect(findings).toEqual([]);
	},
);

whereDocumentsArePresent('every event is valid by the operator’s OpenAPI documents', () => {
	const deliveries = recorded.flatMap((recording) =>
		recording.kind === 'deliveries' ? (recording.deliveries as Delivery[]) : [],
	);
	console.log(`${deliveries.length} events checked against the operator’s OpenAPI documents.`);
	expect(deliveries.flatMap((delivery) => eventFindings(delivery) ?? [])).toEqual([]);
});

test('no output, error or log line holds a secret or a token, and no error a device’s identifier', () => {
	const sought = confidential(exchanges);
	const pems = recorded.flatMap((one) => (one.kind === 'privateKeys' ? one.pems : []));
	for (const line of pems.flatMap((pem) => [...linesOfKey(pem)])) sought.secrets.add(line);
	const echoed = recorded.flatMap((one) => (one.kind === 'confidential' ? [one] : []));
	for (const secret of echoed.flatMap(({ secrets }) => secrets)) sought.secrets.add(secret);
	for (const one of echoed.flatMap(({ identifiers }) => identifiers)) sought.identifiers.add(one);
	const searched = recorded.map(readable);
	const count = (of: 'outputs' | 'errors') => searched.flatMap((texts) => texts[of]).length;
	console.log(
		`${count('outputs')} outputs and ${count('errors')} errors and log lines searched for ` +
			`${sought.secrets.size} secrets, tokens, codes, assertions and lines of private keys ` +
			`and ${sought.identifiers.size} identifiers of devices, ${echoed.length} times of a server that sends back all that it was sent.`,
	);
	expect(pems.length).toBeGreaterThan(0);
	expect(sought.secrets.size).toBeGreaterThan(0);
	expect(sought.identifiers.size).toBeGreaterThan(0);
	expect(recorded.flatMap((recording) => leaks(recording, sought))).toEqual([]);
});

test('no access token was sent with a device that is not its own', () => {
	const { own, foreign } = tokensSeen(exchanges);
	console.log(
		`${own} questions with a token of their own device, ${foreign.length} with another's.`,
	);
	expect(own).toBeGreaterThan(0);
	expect(foreign).toEqual([]);
});

describe('the search finds', () => {
	const sought = {
		secrets: new Set(encodings('a-secret-token')),
		identifiers: new Set(['34600000001', ...encodings('2001:db8::7')]),
	};
	const execution = (parts: Partial<Extract<Recording, { kind: 'execution' }>>): Recording => ({
		kind: 'execution',
		outputs: [],
		run: {},
		logged: [],
		...parts,
	});

	const exchange = (path: string, body: string, answer: object, authorization = ''): Exchange => ({
		at: '',
		method: 'POST',
		path,
		headers: { 'user-agent': 'n8n', authorization },
		body,
		status: 200,
		answerHeaders: {},
		answer: JSON.stringify(answer),
	});

	test.each<[string, Recording]>([
		['a token in an output', execution({ outputs: [[{ json: { token: 'a-secret-token' } }]] })],
		['a token in execution data', execution({ run: { data: { note: 'a-secret-token' } } })],
		['a token in what was logged', execution({ logged: [['sent', 'a-secret-token']] })],
		[
			'a token in a form',
			execution({ outputs: [[{ json: { a: 'client_secret=a-secret-token' } }]] }),
		],
		['a token in Base64', execution({ outputs: [[{ json: { a: btoa('a-secret-token') } }]] })],
		[
			'an address in an item’s error',
			execution({ outputs: [[{ json: { error: { message: 'Not 2001%3Adb8%3A%3A7' } } }]] }),
		],
		[
			'a phone number in an item’s error',
			execution({ outputs: [[{ json: { error: { message: '+34600000001' } } }]] }),
		],
		[
			'a phone number in an execution’s error',
			execution({ run: { error: { description: 'of 34600000001' } } }),
		],
		[
			'a phone number in a credential’s test',
			{ kind: 'credentialTest', result: { message: '+34600000001' } },
		],
		['a phone number in a log line', { kind: 'log', lines: ['asking +34600000001'] }],
	])('%s', (_name, recording) => {
		expect(leaks(recording, sought)).toHaveLength(1);
	});

	test('a token that was sent with another device', () => {
		const asked = (msisdn: string) =>
			exchange('/roaming', JSON.stringify({ ueId: { msisdn } }), {}, 'Bearer a-token');
		expect(
			tokensSeen([
				exchange('/bc-authorize', 'login_hint=tel%3A%2B34600000001', { auth_req_id: 'an-id' }),
				exchange('/token', 'auth_req_id=an-id', { access_token: 'a-token' }),
				asked('+34600000001'),
				asked('+34600000002'),
			]),
		).toEqual({ own: 1, foreign: ['/roaming'] });
	});

	test('a phone number in a request, and not the address of a webhook', () => {
		const body = {
			sink: 'https://n8n.example.com/webhook/19014569-ccae-48ae-bcd0-123456789012/roaming',
			device: { phoneNumber: '+34600000001' },
		};
		const { identifiers } = confidential([exchange('/subscriptions', JSON.stringify(body), {})]);
		expect([...identifiers]).toEqual(['34600000001']);
	});

	test('nothing if a device stands in a response', () => {
		const answer = execution({
			outputs: [[{ json: { device: { phoneNumber: '+34600000001' } } }]],
		});
		expect(leaks(answer, sought)).toEqual([]);
	});
});
