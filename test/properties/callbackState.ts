import fc from 'fast-check';
import {
	openState,
	sealState,
	type AuthorizationState,
} from '../../nodes/OpenGateway/authorization/authorizationState';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { text } from './arbitraries';
import { outcomeOf, refusedWith, type Property } from './property';

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
		reference: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
	})
	.map(({ lasts, phoneNumber, ...others }) => ({
		...others,
		expiresAt: Date.now() + lasts,
		device: phoneNumber === undefined ? undefined : { phoneNumber: parsePhoneNumber(phoneNumber) },
	}));

const open = (bytes: Buffer) =>
	outcomeOf(() => openState(bytes.toString('base64url'), client, TOKEN_ENDPOINT));

/** Bytes that are removed at a place, and others that are inserted there. */
const alteration = fc.record({
	at: fc.nat(),
	removed: fc.integer({ min: 0, max: 40 }),
	inserted: fc.uint8Array({ maxLength: 40 }),
});

export const properties: Property[] = [
	{
		name: 'a sealed state is opened as it was, and cannot be read on the way',
		holds: fc.property(state, (sealed) => {
			const carried = sealState(sealed, client, TOKEN_ENDPOINT);
			const opened = openState(carried, client, TOKEN_ENDPOINT);
			return (
				/^[\w-]+$/.test(carried) &&
				!Buffer.from(carried, 'base64url').includes(sealed.codeVerifier) &&
				JSON.stringify(opened) === JSON.stringify(sealed)
			);
		}),
	},
	{
		name: 'a sealed state is refused with any of its bytes altered',
		holds: fc.property(state, alteration, (sealed, { at, removed, inserted }) => {
			const bytes = Buffer.from(sealState(sealed, client, TOKEN_ENDPOINT), 'base64url');
			const from = at % (bytes.length + 1);
			const altered = Buffer.concat([
				bytes.subarray(0, from),
				inserted,
				bytes.subarray(from + removed),
			]);
			fc.pre(!altered.equals(bytes));
			return refusedWith(open(altered), 'INVALID_CALLBACK');
		}),
	},
	{
		name: 'a text that was never sealed is refused',
		holds: fc.property(fc.oneof(text, fc.base64String({ maxLength: 400 })), (carried) =>
			refusedWith(
				outcomeOf(() => openState(carried, client, TOKEN_ENDPOINT)),
				'INVALID_CALLBACK',
			),
		),
	},
	{
		name: 'a sealed state is refused by any other application, and for any other authorization server',
		holds: fc.property(
			state,
			fc.string({ minLength: 1 }),
			fc.string({ minLength: 1 }),
			fc.constantFrom('id', 'secret', 'endpoint'),
			(sealed, own, other, differs) => {
				fc.pre(own !== other);
				const [id, secret, endpoint] = ['id', 'secret', 'endpoint'].map((what) =>
					what === differs ? [own, other] : [own, own],
				) as [[string, string], [string, string], [string, string]];
				const carried = sealState(sealed, clientWith(id[0], secret[0]), endpoint[0]);
				return refusedWith(
					outcomeOf(() => openState(carried, clientWith(id[1], secret[1]), endpoint[1])),
					'INVALID_CALLBACK',
				);
			},
		),
	},
];
