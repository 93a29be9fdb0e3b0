import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { grantTypes } from '../../nodes/OpenGateway/authorization';
import {
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	type Device,
} from '../../nodes/OpenGateway/device';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { authorizationServerAt } from '../support/authorizationServer';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

const scope = 'dpv:FraudPreventionAndDetection device-roaming-status:read';
const line: Device = { phoneNumber: parsePhoneNumber('+34600000001') };
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const flow = grantTypes.jwtBearer.create.from({
	clientId: 'made-up-client-id',
	privateKey: privateKey.export({ format: 'pem', type: 'sec1' }),
	keyId: 'made-up-key-id',
	signingAlgorithm: 'ES256',
});
const granted = { body: { access_token: 'made-up-token', token_type: 'Bearer', expires_in: 60 } };

let answer: ScriptedAnswer;
let operator: ScriptedOperator;

beforeEach(async () => {
	answer = granted;
	operator = await startScriptedOperator(() => answer);
});
afterEach(async () => await operator.close());

const server = () => authorizationServerAt(operator.baseUrl);
const forms = () =>
	operator.received.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

async function failure(asked: Promise<unknown>) {
	const error: unknown = await asked.catch((reason: unknown) => reason);
	if (!(error instanceof OpenGatewayError)) throw new Error('It did not fail', { cause: error });
	return { ...error.context, words: `${error.message} ${error.context.remedy}` };
}

test('one assertion asks for one line, and nothing else authenticates it', async () => {
	expect(flow.subject).toBe('line');
	expect(await flow.obtain(line, scope, server())).toMatchObject({
		headers: { authorization: 'Bearer made-up-token' },
		subject: 'line',
	});

	const [request, ...others] = operator.received;
	expect(others).toEqual([]);
	expect(request).toMatchObject({
		method: 'POST',
		path: '/token',
		headers: {
			'content-type': 'application/x-www-form-urlencoded',
			'x-correlator': 'made-up-correlator',
		},
	});
	expect(request?.headers).not.toHaveProperty('authorization');
	const [form = {}] = forms();
	expect(Object.keys(form)).toEqual(['grant_type', 'assertion']);
	expect(form.grant_type).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');

	const { payload, protectedHeader } = await jwtVerify(form.assertion ?? '', publicKey, {
		algorithms: ['ES256'],
		audience: `${operator.baseUrl}/token`,
		issuer: 'made-up-client-id',
		subject: 'tel:+34600000001',
	});
	expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'made-up-key-id' });
	const { iat = 0, exp = 0, jti, ...claims } = payload;
	expect(exp - iat).toBeGreaterThan(0);
	expect(exp - iat).toBeLessThanOrEqual(300);
	expect(jti).toMatch(/^[\w-]{22,}$/);
	expect(claims).toEqual({
		iss: 'made-up-client-id',
		sub: 'tel:+34600000001',
		aud: `${operator.baseUrl}/token`,
		scope,
	});
});

test('every assertion has a jti of its own', async () => {
	for (let count = 0; count < 20; count++) await flow.obtain(line, scope, server());

	const ids = forms().map(({ assertion = '' }) => decodeJwt(assertion).jti);
	expect(new Set(ids).size).toBe(20);
});

test.each<[what: string, device: Device]>([
	['an IPv4 address', { ipv4Address: { publicAddress: parseIpv4Address('80.90.34.2') } }],
	['an IPv6 address', { ipv6Address: parseIpv6Address('2001:db8::1') }],
	[
		'a network access identifier',
		{ networkAccessIdentifier: parseNetworkAccessIdentifier('1@domain.com') },
	],
])('nothing is asked for a line that is named by %s', async (_what, device) => {
	expect(await failure(flow.obtain(device, scope, server()))).toMatchObject({
		code: 'UNSUPPORTED_DEVICE',
		words: expect.stringMatching(/by its phone number/),
	});
	expect(operator.received).toEqual([]);
});

test.each([
	[400, 'invalid_grant', 'you', /public key is registered/],
	[400, 'access_denied', 'lineOwner', /owner of the line \+346•••••001 has not consented/],
	[400, 'invalid_scope', 'registration', /not registered for Device Status/],
	[503, 'temporarily_unavailable', 'operator', /Try again later/],
])('a refusal is told in words: %i %s', async (status, error, nextMove, words) => {
	answer = { status, body: { error } };

	expect(await failure(flow.obtain(line, scope, server()))).toMatchObject({
		code: error,
		status,
		nextMove,
		words: expect.stringMatching(words),
	});
});

test('an answer without a token cannot be read', async () => {
	answer = { body: { token_type: 'Bearer' } };
	expect((await failure(flow.obtain(line, scope, server()))).code).toBe('UNEXPECTED_ANSWER');
});

describe('the probe of a credential', () => {
	test('asks about a number of a country that there is none of', async () => {
		answer = { status: 400, body: { error: 'unknown_user_id' } };
		await flow.probe?.(scope, server());

		const [form] = forms();
		expect(decodeJwt(form?.assertion ?? '').sub).toBe('tel:+99999999999');
		expect(operator.received).toHaveLength(1);
	});

	test.each(['unknown_user_id', 'access_denied', 'consent_required'])(
		'is passed by a client whose line is refused: %s',
		async (error) => {
			answer = { status: 400, body: { error } };
			await expect(flow.probe?.(scope, server())).resolves.toBeUndefined();
		},
	);

	test.each(['invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_scope'])(
		'is failed by a client that is refused itself: %s',
		async (error) => {
			answer = { status: 400, body: { error } };
			expect((await failure(Promise.resolve(flow.probe?.(scope, server())))).code).toBe(error);
		},
	);
});
