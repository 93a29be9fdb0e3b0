import fc from 'fast-check';
import {
	openState,
	sealState,
	type AuthorizationState,
} from '../../nodes/OpenGateway/authorization/authorizationState';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { text } from './arbitraries';
import { outcomeOfAsync, refusedWith, type Property } from './property';

const TOKEN_ENDPOINT = 'https://api.example.com/token';
const clientWith = (clientId: string, clientSecret: string) =>
	clientAuthentications.clientSecretBasic.parse({ clientId, clientSecret });
const client = clientWith('made-up-id', 'made-up-secret');

const phoneNumber = fc
	.stringMatching(/^[1-9]\d{8,11}$/)
	.map((digits) => `+34${digits}`.slice(0, 12));
const state: fc.Arbitrary<AuthorizationState> = fc
	.record({
		codeVerifier: fc.base64String({ minLength: 43, maxLength: 44 }),
		redirectUri: fc.webUrl(),
		/** Within a week, in ms. */
		lasts: fc.integer({ min: 60_000, max: 604_800_000 }),
		phoneNumber: fc.option(phoneNumber, { nil: undefined }),
		browser: fc.option(fc.base64String({ minLength: 43, maxLength: 44 })),
		reference: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
	})
	.map(({ lasts, phoneNumber, ...others }) => ({
		...others,
		expiresAt: Date.now() + lasts,
		device: phoneNumber === undefined ? undefined : { phoneNumber: parsePhoneNumber(phoneNumber) },
	}));

const open = async (carried: string, by = client, endpoint = TOKEN_ENDPOINT) =>
	await outcomeOfAsync(async () => await openState(carried, by, endpoint));

/** Bytes that are removed at a place, and others that are inserted there. */
const alteration = fc.record({
	at: fc.nat(),
	removed: fc.integer({ min: 0, max: 40 }),
	inserted: fc.uint8Array({ maxLength: 40 }),
});

/** Few, since it takes long to derive the key of a new secret. */
const name = fc.constantFrom('a', '"', '📱');

export const properties: Property[] = [
	{
		name: 'a sealed state is opened as it was, and cannot be read on the way',
		holds: fc.asyncProperty(state, async (sealed) => {
			const carried = await sealState(sealed, client, TOKEN_ENDPOINT);
			const opened = await openState(carried, client, TOKEN_ENDPOINT);
			return (
				/^[\w-]+$/.test(carried) &&
				!Buffer.from(carried, 'base64url').includes(sealed.codeVerifier) &&
				JSON.stringify(opened) === JSON.stringify(sealed)
			);
		}),
	},
	{
		name: 'a sealed state is refused with any of its bytes altered',
		holds: fc.asyncProperty(state, alteration, async (sealed, { at, removed, inserted }) => {
			const bytes = Buffer.from(await sealState(sealed, client, TOKEN_ENDPOINT), 'base64url');
			const from = at % (bytes.length + 1);
			const altered = Buffer.concat([
				bytes.subarray(0, from),
				inserted,
				bytes.subarray(from + removed),
			]);
			fc.pre(!altered.equals(bytes));
			return refusedWith(await open(altered.toString('base64url')), 'INVALID_CALLBACK');
		}),
	},
	{
		name: 'a text that was never sealed is refused',
		holds: fc.asyncProperty(fc.oneof(text, fc.base64String({ maxLength: 400 })), async (carried) =>
			refusedWith(await open(carried), 'INVALID_CALLBACK'),
		),
	},
	{
		name: 'a sealed state is refused by any other application, and for any other authorization server',
		holds: fc.asyncProperty(
			state,
			name,
			name,
			fc.constantFrom('id', 'secret', 'endpoint'),
			async (sealed, own, other, differs) => {
				fc.pre(own !== other);
				const [id, secret, endpoint] = ['id', 'secret', 'endpoint'].map((what) =>
					what === differs ? [own, other] : [own, own],
				) as [[string, string], [string, string], [string, string]];
				const carried = await sealState(sealed, clientWith(id[0], secret[0]), endpoint[0]);
				const opened = await open(carried, clientWith(id[1], secret[1]), endpoint[1]);
				return refusedWith(opened, 'INVALID_CALLBACK');
			},
		),
	},
];
