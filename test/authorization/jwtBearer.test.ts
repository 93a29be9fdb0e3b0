import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { parseSigningClient } from '../../nodes/OpenGateway/authorization/client';
import { jwtBearer } from '../../nodes/OpenGateway/authorization/jwtBearer';
import type { Device } from '../../nodes/OpenGateway/device';
import { authorizationServerForSuite } from '../support/authorizationServer';
import { ipv4, ipv6, nai, phone } from '../support/identifiers';
import { failure, refusedWith } from '../support/refusal';

const SCOPE = 'dpv:FraudPreventionAndDetection device-roaming-status:read';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const flow = jwtBearer(
	parseSigningClient({
		clientId: 'made-up-client-id',
		privateKey: privateKey.export({ format: 'pem', type: 'sec1' }),
		keyId: 'made-up-key-id',
		signingAlgorithm: 'ES256',
	}),
);

const operator = authorizationServerForSuite();

const obtain = async (device: Device = phone) =>
	await flow.obtain(device, SCOPE, operator.server());

test('a token request names one subscriber, and only its assertion authenticates it', async () => {
	expect(flow.subject).toBe('subscriber');
	expect(await obtain()).toMatchObject({
		headers: { authorization: 'Bearer made-up-token' },
		subject: 'subscriber',
	});

	expect(operator.received).toMatchObject([
		{
			method: 'POST',
			path: '/token',
			headers: {
				'content-type': 'application/x-www-form-urlencoded',
				'x-correlator': 'made-up-correlator',
			},
		},
	]);
	expect(operator.received[0]?.headers).not.toHaveProperty('authorization');
	const [{ assertion = '', ...form } = {}] = operator.forms;
	expect(form).toEqual({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' });

	const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, {
		algorithms: ['ES256'],
	});
	expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'made-up-key-id' });
	const { iat = 0, exp = 0, jti, ...claims } = payload;
	expect(exp - iat).toBeGreaterThan(0);
	expect(exp - iat).toBeLessThanOrEqual(300);
	expect(jti).toMatch(/^[\w-]{22,}$/);
	expect(claims).toEqual({
		iss: 'made-up-client-id',
		sub: 'tel:+34600000001',
		aud: operator.server().endpoint('token'),
		scope: SCOPE,
	});
});

test.each<[what: string, device: Device]>([
	['an IPv4 address', ipv4],
	['an IPv6 address', ipv6],
	['a network access identifier', nai],
])('a device identified by %s is refused, without a request', async (_what, device) => {
	expect(await failure(obtain(device))).toEqual(
		refusedWith('UNSUPPORTED_DEVICE', /JWT Bearer.*Select Phone Number/),
	);
	expect(operator.received).toEqual([]);
});

test('a refusal has its code', async () => {
	operator.answer = { status: 400, body: { error: 'access_denied' } };

	expect(await failure(obtain())).toMatchObject({ code: 'access_denied', status: 400 });
});
