import { generateKeyPairSync } from 'node:crypto';
import {
	openState,
	sealState,
	type AuthorizationState,
} from '../../nodes/OpenGateway/authorization/authorizationState';
import { clientAuthentications, type Client } from '../../nodes/OpenGateway/authorization/client';
import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { refusal, refusedWith } from '../support/refusal';

const TOKEN_ENDPOINT = 'https://api.example.com/token';
const credential = { clientId: 'made-up-id', clientSecret: 'made-up-secret' };
const { clientSecretBasic, clientSecretPost, privateKeyJwt } = clientAuthentications;
const client: Client = clientSecretBasic.parse(credential);

const signing = () => ({
	clientId: 'made-up-id',
	signingAlgorithm: 'ES256',
	privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
		.privateKey.export({ format: 'pem', type: 'pkcs8' })
		.toString(),
});

const CODE_VERIFIER = 'made-up-verifier';
const state = (): AuthorizationState => ({
	codeVerifier: CODE_VERIFIER,
	redirectUri: 'https://n8n.example.com/webhook/back',
	expiresAt: Date.now() + 60_000,
	device: { phoneNumber: parsePhoneNumber('+34600000001') },
	reference: 'customer 7 é📱',
});

const seal = (sealer = client) => sealState(state(), sealer, TOKEN_ENDPOINT);
const open = (sealed: string, opener = client) => openState(sealed, opener, TOKEN_ENDPOINT);
const expectRefused = (sealed: string, opener = client) =>
	expect(refusal(() => open(sealed, opener))).toEqual(refusedWith('INVALID_CALLBACK'));

test('a state is opened by the same credential', () => {
	const sealed = state();
	expect(open(sealState(sealed, client, TOKEN_ENDPOINT))).toEqual(sealed);
});

test('a state is opened with the same secret, whatever the client authentication', () => {
	expect(open(seal(), clientSecretPost.parse(credential))).toMatchObject({
		codeVerifier: CODE_VERIFIER,
	});
});

test('a state is opened with the same private key in another form', () => {
	const pem = signing();
	const pasted = { ...pem, privateKey: pem.privateKey.replaceAll('\n', '\\n') };
	expect(open(seal(privateKeyJwt.parse(pem)), privateKeyJwt.parse(pasted))).toMatchObject({
		codeVerifier: CODE_VERIFIER,
	});
});

test('a sealed state is unreadable, and no two are alike', () => {
	const texts = Array.from({ length: 100 }, () => seal());

	expect(new Set(texts).size).toBe(100);
	// The nonce at the beginning must never be used twice with the same key.
	expect(new Set(texts.map((text) => text.slice(0, 16))).size).toBe(100);
	for (const text of texts) {
		expect(text).toMatch(/^[\w-]+$/);
		const bytes = Buffer.from(text, 'base64url').toString('latin1');
		expect(bytes).not.toMatch(/verifier|customer|600000001|example|secret/);
	}
});

test.each<[how: string, sealer: Client]>([
	['a client secret', client],
	['a private key', privateKeyJwt.parse(signing())],
])('a state sealed with %s is refused with any one bit altered', (_how, sealer) => {
	const bytes = Buffer.from(seal(sealer), 'base64url');
	expect(bytes.length).toBeGreaterThan(100);

	for (let bit = 0; bit < bytes.length * 8; bit++) {
		const altered = Buffer.from(bytes);
		const at = bit >> 3;
		altered[at] = (altered[at] ?? 0) ^ (1 << (bit & 7));
		expectRefused(altered.toString('base64url'), sealer);
	}
});

test('a state is refused with any part of either end missing, or with a byte more', () => {
	const bytes = Buffer.from(seal(), 'base64url');

	for (let length = 0; length < bytes.length; length++) {
		expectRefused(bytes.subarray(0, length).toString('base64url'));
		expectRefused(bytes.subarray(bytes.length - length).toString('base64url'));
	}
	expectRefused(Buffer.concat([bytes, Buffer.from([0])]).toString('base64url'));
});

test.each(['x', 'made up', '{}', '../..', '📱', 'A'.repeat(100_000), '='.repeat(50)])(
	'a text that was never sealed is refused: %.20s',
	(text) => expectRefused(text),
);

test.each<[what: string, sealer: Client, opener: Client]>([
	['another client', client, clientSecretBasic.parse({ ...credential, clientId: 'other' })],
	['another secret', client, clientSecretBasic.parse({ ...credential, clientSecret: 'other' })],
	['a private key', client, privateKeyJwt.parse(signing())],
	['another private key', privateKeyJwt.parse(signing()), privateKeyJwt.parse(signing())],
])('a state is refused by a credential with %s', (_what, sealer, opener) => {
	expectRefused(seal(sealer), opener);
});

test('a state is refused for another authorization server', () => {
	expect(refusal(() => openState(seal(), client, `${TOKEN_ENDPOINT}/`))).toEqual(
		refusedWith('INVALID_CALLBACK'),
	);
});

test('a part of the client id cannot pass for a part of the token endpoint', () => {
	const shifted = clientSecretBasic.parse({ ...credential, clientId: 'made-up-id","h' });
	const sealed = sealState(state(), client, 'h","x');
	expect(refusal(() => openState(sealed, shifted, 'x'))).toEqual(refusedWith('INVALID_CALLBACK'));
});

test('a state is accepted until it expires, and never after', () => {
	const sealed = state();
	const text = sealState(sealed, client, TOKEN_ENDPOINT);
	const clock = jest.spyOn(Date, 'now').mockReturnValue(sealed.expiresAt - 1);
	try {
		expect(open(text)).toEqual(sealed);
		for (const late of [0, 1, 86_400_000]) {
			clock.mockReturnValue(sealed.expiresAt + late);
			expect(refusal(() => open(text))).toMatchObject({
				code: 'EXPIRED_CALLBACK',
				nextMove: 'lineOwner',
				remedy: expect.stringMatching(/option 'Expires After'/),
			});
		}
	} finally {
		clock.mockRestore();
	}
});
