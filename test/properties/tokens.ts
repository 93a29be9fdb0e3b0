import fc from 'fast-check';
import type { AuthorizationServer } from '../../nodes/OpenGateway/authorization';
import { ciba } from '../../nodes/OpenGateway/authorization/ciba';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import { discover } from '../../nodes/OpenGateway/authorization/discovery';
import { readTokenResponse } from '../../nodes/OpenGateway/authorization/grant';
import { parsePhoneNumber } from '../../nodes/OpenGateway/device';
import { isSuccess, type HttpResponse } from '../../nodes/OpenGateway/http';
import { json, status, text } from './arbitraries';
import { outcomeOf, outcomeOfAsync, refusedWith, wordsOf, type Property } from './property';

const answered = (json: unknown, status = 200): HttpResponse => ({
	status,
	json,
	url: 'https://api.example.com/',
	correlator: 'made-up-correlator',
});

const token = fc.oneof(
	{ arbitrary: fc.stringMatching(/^[\w.~+/-]{1,60}={0,2}$/), weight: 4 },
	text,
	json,
);
const tokenBody = fc.record(
	{
		access_token: token,
		token_type: fc.oneof(fc.constantFrom('Bearer', 'bearer', 'BEARER', 'DPoP', 'Bearer '), json),
		expires_in: fc.oneof(fc.integer(), fc.double(), text, fc.constantFrom(null, true, [5], {})),
	},
	{ requiredKeys: ['access_token'] },
);

const device = { phoneNumber: parsePhoneNumber('+34600000001') };
const client = clientAuthentications.clientSecretBasic.parse({
	clientId: 'made-up-id',
	clientSecret: 'made-up-secret',
});

/** Seconds, or values that are no such number. */
const seconds = fc.oneof(
	fc.integer({ min: -400, max: 400 }),
	fc.double({ min: 0.5, max: 400 }),
	fc.constantFrom(null, true, '5', 'soon', [5], {}, 0),
);
const acknowledgement = fc.record(
	{
		auth_req_id: fc.oneof({ arbitrary: fc.string({ minLength: 1 }), weight: 4 }, json),
		expires_in: seconds,
		interval: seconds,
	},
	{ requiredKeys: ['auth_req_id'] },
);
const pending = fc
	.constantFrom('authorization_pending', 'authorization_pending', 'slow_down')
	.map((error) => answered({ error }, 400));
const poll = fc.oneof(
	pending,
	fc.tuple(fc.oneof(tokenBody, json), status).map((parts) => answered(...parts)),
);

const MAX_POLLS = 1000;

/** The flow with these responses, of which the last repeats; only waiting moves the clock. */
async function flowWith([first, ...polls]: readonly [HttpResponse, ...HttpResponse[]]) {
	const waits: number[] = [];
	let polled = 0;
	let now = 0;
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
	const server: AuthorizationServer = {
		endpoint: (name) =>
			`https://api.example.com/${name === 'backchannelAuthentication' ? 'bc-authorize' : name}`,
		startedAt: 0,
		setAside: () => undefined,
		async send(request) {
			if (request().url.endsWith('/bc-authorize')) return first;
			if (polled > MAX_POLLS) throw new Error('It polls for ever');
			return polls[Math.min(polled++, polls.length - 1)] ?? first;
		},
		async wait(ms) {
			waits.push(ms);
			now += ms;
		},
		backoff: () => ({ next: async () => false }),
		correlator: 'made-up-correlator',
	};
	try {
		const outcome = await outcomeOfAsync(async () => await ciba(client).obtain(device, '', server));
		return { outcome, waits, waited: now };
	} finally {
		clock.mockRestore();
	}
}

/** Addresses of every kind, as a server may publish them. */
const address = fc.oneof(
	fc.webUrl({ validSchemes: ['https', 'http'], withQueryParameters: true }),
	fc.constantFrom(
		'http://127.0.0.1/token',
		'https://me:word@api.example.com',
		'javascript:1',
		'/token',
	),
	json,
);
const published = fc.oneof(
	json,
	fc.record(
		{
			issuer: fc.oneof(
				fc.constantFrom('https://api.example.com', 'https://api.example.com/'),
				json,
			),
			token_endpoint: address,
			authorization_endpoint: address,
			backchannel_authentication_endpoint: address,
		},
		{ requiredKeys: [] },
	),
);

export const properties: Property[] = [
	{
		name: 'a token response gives a header that carries its token alone, or is refused',
		holds: fc.property(fc.oneof(tokenBody, json), (body) => {
			const outcome = outcomeOf(() => readTokenResponse(answered(body), 'subscriber'));
			if (!('value' in outcome)) return outcome.refusal.context.status === 200;
			const { headers, expiresAt = Infinity } = outcome.value;
			return (
				expiresAt > Date.now() - 1000 &&
				Object.keys(headers).join() === 'authorization' &&
				/^Bearer [!-~]+$/.test(headers.authorization ?? '') &&
				headers.authorization === `Bearer ${String(Object(body).access_token).trim()}`
			);
		}),
	},
	{
		name: 'a token response that is refused shows nothing of its token',
		holds: fc.property(fc.stringMatching(/^[\w.~+/-]{16,60}$/), json, (secret, type) => {
			const outcome = outcomeOf(() =>
				readTokenResponse(answered({ access_token: secret, token_type: type }), 'subscriber'),
			);
			return 'value' in outcome || !wordsOf(outcome.refusal).includes(secret);
		}),
	},
	{
		name: 'the backend flow ends with access or a clear refusal, whatever the responses',
		holds: fc.asyncProperty(
			fc.oneof(
				acknowledgement.map((body) => answered(body)),
				fc.tuple(fc.oneof(acknowledgement, json), status).map((parts) => answered(...parts)),
			),
			fc.array(poll, { minLength: 1, maxLength: 6 }),
			async (acknowledged, polls) => {
				const { outcome } = await flowWith([acknowledged, ...polls]);
				if (!('value' in outcome)) return outcome.refusal.context.status !== undefined;
				const { authorization } = outcome.value.headers;
				return polls.some(
					({ status, json }) =>
						isSuccess({ status } as HttpResponse) &&
						authorization === `Bearer ${String(Object(json).access_token).trim()}`,
				);
			},
		),
	},
	{
		name: 'the backend flow polls no longer than the request is valid, and never faster than it was told',
		holds: fc.asyncProperty(
			fc.double({ min: 1, max: 60, noNaN: true }),
			fc.option(fc.integer({ min: 1, max: 600 }), { nil: undefined }),
			fc.array(pending, { minLength: 1, maxLength: 8 }),
			async (interval, expires_in, polls) => {
				const acknowledged = answered({ auth_req_id: 'made-up-id', interval, expires_in });
				const { outcome, waits, waited } = await flowWith([acknowledged, ...polls]);
				return (
					refusedWith(outcome, 'expired_token') &&
					waited <= (expires_in ?? 300) * 1000 &&
					waits.every((ms, at) => ms >= (waits[at - 1] ?? interval * 1000))
				);
			},
		),
	},
	{
		name: 'secrets go to encrypted addresses alone, whatever an operator publishes',
		holds: fc.asyncProperty(published, async (document) => {
			const outcome = await outcomeOfAsync(
				async () => await discover('https://api.example.com', async () => answered(document), ''),
			);
			if (!('value' in outcome)) {
				return ['UNEXPECTED_ANSWER', 'INVALID_CREDENTIAL'].includes(outcome.refusal.context.code);
			}
			return Object.values(outcome.value).every(
				(url) => url === undefined || /^(https:|http:\/\/127\.0\.0\.1\/)/.test(url),
			);
		}),
	},
];
