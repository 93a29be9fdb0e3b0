import { createCipheriv, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto';
import {
	openState,
	sealState,
	useUp,
	type AuthorizationState,
} from '../../nodes/OpenGateway/authorization/authorizationState';
import { clientAuthentications, type Client } from '../../nodes/OpenGateway/authorization/client';
import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { failure, refusedWith } from '../support/refusal';

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
	browser: 'made-up-hash',
	device: { phoneNumber: parsePhoneNumber('+34600000001') },
	reference: 'customer 7 é📱',
});

const seal = async (sealer = client) => await sealState(state(), sealer, TOKEN_ENDPOINT);
const open = async (sealed: string, opener = client) =>
	await openState(sealed, opener, TOKEN_ENDPOINT);
const expectRefused = async (sealed: string, opener = client) =>
	expect(await failure(open(sealed, opener))).toEqual(refusedWith('INVALID_CALLBACK'));

test('a state is opened by the same credential', async () => {
	const sealed = state();
	expect(await open(await sealState(sealed, client, TOKEN_ENDPOINT))).toEqual(sealed);
});

test('a state is opened with the same secret, whatever the client authentication', async () => {
	expect(await open(await seal(), clientSecretPost.parse(credential))).toMatchObject({
		codeVerifier: CODE_VERIFIER,
	});
});

test('a state is opened with the same private key in another form', async () => {
	const pem = signing();
	const pasted = { ...pem, privateKey: pem.privateKey.replaceAll('\n', '\\n') };
	const sealed = await seal(privateKeyJwt.parse(pem));
	expect(await open(sealed, privateKeyJwt.parse(pasted))).toMatchObject({
		codeVerifier: CODE_VERIFIER,
	});
});

test('a sealed state is unreadable, and no two are alike', async () => {
	const texts = await Promise.all(Array.from({ length: 100 }, async () => await seal()));

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
])('a state sealed with %s is refused with any one bit altered', async (_how, sealer) => {
	const bytes = Buffer.from(await seal(sealer), 'base64url');
	expect(bytes.length).toBeGreaterThan(100);

	for (let bit = 0; bit < bytes.length * 8; bit++) {
		const altered = Buffer.from(bytes);
		const at = bit >> 3;
		altered[at] = (altered[at] ?? 0) ^ (1 << (bit & 7));
		await expectRefused(altered.toString('base64url'), sealer);
	}
});

test('a state is refused with any part of either end missing, or with a byte more', async () => {
	const bytes = Buffer.from(await seal(), 'base64url');

	for (let length = 0; length < bytes.length; length++) {
		await expectRefused(bytes.subarray(0, length).toString('base64url'));
		await expectRefused(bytes.subarray(bytes.length - length).toString('base64url'));
	}
	await expectRefused(Buffer.concat([bytes, Buffer.from([0])]).toString('base64url'));
});

test.each(['x', 'made up', '{}', '../..', '📱', 'A'.repeat(100_000), '='.repeat(50)])(
	'a text that was never sealed is refused: %.20s',
	async (text) => await expectRefused(text),
);

test.each<[what: string, sealer: Client, opener: Client]>([
	['another client', client, clientSecretBasic.parse({ ...credential, clientId: 'other' })],
	['another secret', client, clientSecretBasic.parse({ ...credential, clientSecret: 'other' })],
	['a private key', client, privateKeyJwt.parse(signing())],
	['another private key', privateKeyJwt.parse(signing()), privateKeyJwt.parse(signing())],
])('a state is refused by a credential with %s', async (_what, sealer, opener) => {
	await expectRefused(await seal(sealer), opener);
});

test('a state is refused for another authorization server', async () => {
	const elsewhere = openState(await seal(), client, `${TOKEN_ENDPOINT}/`);
	expect(await failure(elsewhere)).toEqual(refusedWith('INVALID_CALLBACK'));
});

test('a state that an earlier version sealed, bound to no browser, is refused', async () => {
	for (const sealer of [client, privateKeyJwt.parse(signing())]) {
		const key = Buffer.from(hkdfSync('sha256', sealer.secret(), '', 'Open Gateway state', 32));
		const nonce = randomBytes(12);
		const cipher = createCipheriv('aes-256-gcm', key, nonce);
		cipher.setAAD(Buffer.from(JSON.stringify([sealer.id, TOKEN_ENDPOINT])));
		const text = Buffer.concat([cipher.update(JSON.stringify(state())), cipher.final()]);
		const sealed = Buffer.concat([nonce, cipher.getAuthTag(), text]);
		await expectRefused(sealed.toString('base64url'), sealer);
	}
});

test('trying a client secret on a sealed state takes long, and opening it a second time does not', async () => {
	const text = await seal();
	await open(text);
	const timed = async (attempt: () => Promise<unknown>) => {
		const before = process.hrtime.bigint();
		await attempt();
		return Number(process.hrtime.bigint() - before);
	};
	const again = await timed(async () => await open(text));
	const guess = await timed(async () => {
		await expectRefused(text, clientSecretBasic.parse({ ...credential, clientSecret: 'a guess' }));
	});

	expect(guess).toBeGreaterThan(20 * again);
});

test('a part of the client id cannot pass for a part of the token endpoint', async () => {
	const shifted = clientSecretBasic.parse({ ...credential, clientId: 'made-up-id","h' });
	const sealed = await sealState(state(), client, 'h","x');
	expect(await failure(openState(sealed, shifted, 'x'))).toEqual(refusedWith('INVALID_CALLBACK'));
});

test('a state is accepted until it expires, and never after', async () => {
	const sealed = state();
	const text = await sealState(sealed, client, TOKEN_ENDPOINT);
	const clock = jest.spyOn(Date, 'now').mockReturnValue(sealed.expiresAt - 1);
	try {
		expect(await open(text)).toEqual(sealed);
		for (const late of [0, 1, 86_400_000]) {
			clock.mockReturnValue(sealed.expiresAt + late);
			expect(await failure(open(text))).toMatchObject({
				code: 'EXPIRED_CALLBACK',
				nextMove: 'lineOwner',
				remedy: expect.stringMatching(/option 'Expires After'/),
			});
		}
	} finally {
		clock.mockRestore();
	}
});

describe('a state', () => {
	const stateWith = (codeVerifier: string, lasts = 60_000) => ({
		...state(),
		codeVerifier,
		expiresAt: Date.now() + lasts,
	});

	test('is used up once, also by many at the same time', async () => {
		const ours = stateWith('used by many');
		const uses = Array.from({ length: 200 }, async () => await useUp({ ...ours }));
		expect((await Promise.all(uses)).filter((isFirst) => isFirst)).toHaveLength(1);
		expect(await useUp(ours)).toBe(false);
	});

	test('does not use up another one', async () => {
		await useUp(stateWith('one'));
		expect(await useUp(stateWith('another'))).toBe(true);
	});

	test('stays used up after 10,000 others', async () => {
		const ours = stateWith('the first of many');
		await useUp(ours);
		for (let other = 0; other < 10_000; other++) await useUp(stateWith(`other ${other}`));
		expect(await useUp(ours)).toBe(false);
	});
});
