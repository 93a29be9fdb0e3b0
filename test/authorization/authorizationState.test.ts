import { generateKeyPairSync } from 'node:crypto';
import {
	openState,
	sealState,
	type AuthorizationState,
} from '../../nodes/OpenGateway/authorization/authorizationState';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { OpenGatewayError } from '../../nodes/OpenGateway/errors';

const TOKEN_ENDPOINT = 'https://api.example.com/token';
const credential = { clientId: 'made-up-id', clientSecret: 'made-up-secret' };
const { clientSecretBasic, clientSecretPost, privateKeyJwt } = clientAuthentications;
const client = clientSecretBasic.parse(credential);

const signing = () => ({
	clientId: 'made-up-id',
	signingAlgorithm: 'ES256',
	privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
		.privateKey.export({ format: 'pem', type: 'pkcs8' })
		.toString(),
});

const state = (): AuthorizationState => ({
	codeVerifier: 'made-up-verifier',
	redirectUri: 'https://n8n.example.com/webhook/back',
	expiresAt: Date.now() + 60_000,
	device: { phoneNumber: parsePhoneNumber('+34600000001') },
	reference: 'customer 7 é📱',
});

function refusal(open: () => unknown) {
	try {
		open();
	} catch (error) {
		if (error instanceof OpenGatewayError) return { ...error.context, nextMove: error.nextMove };
		throw error;
	}
	return undefined;
}
const forged = { code: 'INVALID_CALLBACK', nextMove: 'you' };

test('what was sealed is opened by the same credential', () => {
	const sealed = state();
	expect(openState(sealState(sealed, client, TOKEN_ENDPOINT), client, TOKEN_ENDPOINT)).toEqual(
		sealed,
	);
});

test('it is opened by the same application however it authenticates with its secret', () => {
	const sealed = sealState(state(), client, TOKEN_ENDPOINT);
	expect(openState(sealed, clientSecretPost.parse(credential), TOKEN_ENDPOINT).reference).toBe(
		'customer 7 é📱',
	);
});

test('it is opened by the same private key in another form', () => {
	const pem = signing();
	const sealed = sealState(state(), privateKeyJwt.parse(pem), TOKEN_ENDPOINT);
	const pasted = { ...pem, privateKey: pem.privateKey.replaceAll('\n', '\\n') };
	expect(openState(sealed, privateKeyJwt.parse(pasted), TOKEN_ENDPOINT).reference).toBe(
		'customer 7 é📱',
	);
});

test('nobody can read it, and no two are alike', () => {
	const sealed = state();
	const texts = Array.from({ length: 100 }, () => sealState(sealed, client, TOKEN_ENDPOINT));

	expect(new Set(texts).size).toBe(100);
	// The beginning, too, which is random and never used twice with the same key.
	expect(new Set(texts.map((text) => text.slice(0, 16))).size).toBe(100);
	for (const text of texts) {
		expect(text).toMatch(/^[\w-]+$/);
		const bytes = Buffer.from(text, 'base64url').toString('latin1');
		expect(bytes).not.toMatch(/verifier|customer|600000001|example|secret/);
	}
});

test.each(['a client secret', 'a private key'])(
	'it is refused with any one bit altered: sealed with %s',
	(what) => {
		const sealer = what === 'a client secret' ? client : privateKeyJwt.parse(signing());
		const bytes = Buffer.from(sealState(state(), sealer, TOKEN_ENDPOINT), 'base64url');
		expect(bytes.length).toBeGreaterThan(100);

		for (let bit = 0; bit < bytes.length * 8; bit++) {
			const altered = Buffer.from(bytes);
			const at = bit >> 3;
			altered[at] = (altered[at] ?? 0) ^ (1 << (bit & 7));
			expect(
				refusal(() => openState(altered.toString('base64url'), sealer, TOKEN_ENDPOINT)),
			).toMatchObject(forged);
		}
	},
);

test('it is refused with any end of it missing, or with more than it had', () => {
	const sealed = sealState(state(), client, TOKEN_ENDPOINT);
	const bytes = Buffer.from(sealed, 'base64url');

	for (let length = 0; length < bytes.length; length++) {
		for (const part of [bytes.subarray(0, length), bytes.subarray(bytes.length - length)]) {
			expect(
				refusal(() => openState(part.toString('base64url'), client, TOKEN_ENDPOINT)),
			).toMatchObject(forged);
		}
	}
	const longer = Buffer.concat([bytes, Buffer.from([0])]).toString('base64url');
	expect(refusal(() => openState(longer, client, TOKEN_ENDPOINT))).toMatchObject(forged);
});

test.each(['x', 'made up', '{}', '../..', '📱', 'A'.repeat(100_000), '='.repeat(50)])(
	'what was never sealed is refused: %.20s',
	(text) => {
		expect(refusal(() => openState(text, client, TOKEN_ENDPOINT))).toMatchObject(forged);
	},
);

test.each([
	['of another client', clientSecretBasic.parse({ ...credential, clientId: 'other' })],
	['with another secret', clientSecretBasic.parse({ ...credential, clientSecret: 'other' })],
	['with a private key', privateKeyJwt.parse(signing())],
])('it is refused by the credential %s', (_what, other) => {
	const sealed = sealState(state(), client, TOKEN_ENDPOINT);
	expect(refusal(() => openState(sealed, other, TOKEN_ENDPOINT))).toMatchObject(forged);
});

test('it is refused by a credential with another private key', () => {
	const sealed = sealState(state(), privateKeyJwt.parse(signing()), TOKEN_ENDPOINT);
	const other = privateKeyJwt.parse(signing());
	expect(refusal(() => openState(sealed, other, TOKEN_ENDPOINT))).toMatchObject(forged);
});

test('it is refused for another authorization server', () => {
	const sealed = sealState(state(), client, TOKEN_ENDPOINT);
	expect(refusal(() => openState(sealed, client, `${TOKEN_ENDPOINT}/`))).toMatchObject(forged);
});

test('client id and token endpoint cannot be shifted into each other', () => {
	const shifted = clientSecretBasic.parse({ ...credential, clientId: 'made-up-id","h' });
	const sealed = sealState(state(), client, 'h","x');
	expect(refusal(() => openState(sealed, shifted, 'x'))).toMatchObject(forged);
});

test('it is taken until its time is over, and never after', () => {
	const sealed = state();
	const text = sealState(sealed, client, TOKEN_ENDPOINT);
	const clock = jest.spyOn(Date, 'now');
	try {
		clock.mockReturnValue(sealed.expiresAt - 1);
		expect(openState(text, client, TOKEN_ENDPOINT)).toEqual(sealed);
		for (const late of [0, 1, 86_400_000]) {
			clock.mockReturnValue(sealed.expiresAt + late);
			expect(refusal(() => openState(text, client, TOKEN_ENDPOINT))).toMatchObject({
				code: 'EXPIRED_CALLBACK',
				nextMove: 'lineOwner',
				remedy: expect.stringMatching(/option Expires After/),
			});
		}
	} finally {
		clock.mockRestore();
	}
});
