import { generateKeyPairSync } from 'node:crypto';
import { BlockList, isIPv4 } from 'node:net';
import fc from 'fast-check';
import {
	clientAuthentications,
	grantTypes,
	signingAlgorithms,
} from '../../nodes/OpenGateway/authorization';
import type { Client } from '../../nodes/OpenGateway/authorization/client';
import { parseApplication } from '../../nodes/OpenGateway/credential/application';
import { operators } from '../../nodes/OpenGateway/operators';
import { purposes } from '../../nodes/OpenGateway/authorization/purpose';
import {
	parseExpiresIn,
	parseRedirectUri,
	parseReference,
} from '../../nodes/OpenGateway/actions/authorization/redirect';
import { anything, json, text } from './arbitraries';
import { outcomeOf, refusedWith, wordsOf, type Property } from './property';

const oneOf = (table: object) => fc.constantFrom(...Object.keys(table));
const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
	key.export({ format: 'pem', type: 'pkcs8' }).toString();
const keys = [
	pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
	pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
	pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
];
/** A key as it was pasted: with other line breaks, or with a character lost. */
const privateKey = fc
	.tuple(
		fc.constantFrom(...keys),
		fc.constantFrom('\n', '', ' ', '\\n', '\r\n'),
		fc.option(fc.nat()),
	)
	.map(([key, lineBreak, lost]) => {
		const pasted = key.replaceAll('\n', lineBreak);
		const at = lost === null ? pasted.length : lost % pasted.length;
		return pasted.slice(0, at) + pasted.slice(at + 1);
	});

/** Addresses, and texts that resemble them. */
const url = fc.oneof(
	fc.webUrl({
		validSchemes: ['https', 'http', 'ftp'],
		withQueryParameters: true,
		withFragments: true,
		authoritySettings: { withIPv4: true, withIPv6: true, withPort: true, withUserInfo: true },
	}),
	fc
		.tuple(
			fc.constantFrom(
				...['https://', 'http://', 'HTTP://', 'http:', '//', '', ' https://', 'https:\\\\'],
			),
			fc.constantFrom('', '', '', 'someone:word@', 'localhost@', ':80@'),
			fc.oneof(
				fc.constantFrom(...['localhost', '127.0.0.1', '127.1', '[::1]', '[::ffff:127.0.0.1]']),
				fc.constantFrom(
					...['127.0.0.1.example.com', 'localhost.example.com', 'localhost.', '[::2]'],
				),
				fc.constantFrom(...['0.0.0.0', '10.0.0.1', '2130706433', 'ⓛocalhost']),
				fc.constantFrom(...['bücher.example', '例え.テスト', 'xn--bcher-kva.example']),
				fc.ipV4(),
				fc.domain(),
			),
			fc.constantFrom('', ':8480', ':99999', ': 80'),
			fc.constantFrom(
				...['', '/', '//', '/apigateway///', '/a b', '?', '?key=1', '#', '#top', '\\x', '/..'],
			),
			fc.constantFrom('', '', ' ', '\n', '\0', '\u200B'),
		)
		.map((parts) => parts.join('')),
);
/** Values that n8n can have stored in a field, or an expression can have put there. */
const stored = fc.oneof(json, text, fc.constant(undefined));
const field = fc.oneof(url, text, stored);

const credential = fc.record(
	{
		operator: fc.oneof({ arbitrary: oneOf(operators), weight: 5 }, stored),
		authorizationGrant: fc.oneof({ arbitrary: oneOf(grantTypes), weight: 5 }, stored),
		camaraClientAuthentication: fc.oneof(
			{
				arbitrary: oneOf(clientAuthentications),
				weight: 5,
			},
			stored,
		),
		clientAuthentication: fc.oneof({ arbitrary: oneOf(clientAuthentications), weight: 5 }, stored),
		signingAlgorithm: fc.oneof({ arbitrary: oneOf(signingAlgorithms), weight: 5 }, stored),
		baseUrl: fc.oneof(fc.constant(''), field),
		discoveryUrl: fc.oneof(fc.constant(''), field),
		backchannelAuthorizationUrl: field,
		authorizationUrl: field,
		tokenUrl: field,
		clientId: fc.oneof(text, stored),
		clientSecret: fc.oneof(text, stored),
		privateKey: fc.oneof({ arbitrary: privateKey, weight: 4 }, stored),
		keyId: fc.oneof(text, stored),
		accessToken: fc.oneof(fc.stringMatching(/^[\w.~+/-]+=?$/), stored),
		apiKey: fc.oneof(fc.stringMatching(/^[!-~]+$/), stored),
		purpose: fc.oneof(fc.constantFrom(...purposes.map(({ value }) => value)), stored),
		scope: fc.oneof(fc.constant(''), fc.stringMatching(/^[!-~]+( [!-~]+)?$/), stored),
	},
	{ requiredKeys: [] },
);

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);

/** A request there is encrypted, or does not leave this machine. */
function isConfidential(address: string): boolean {
	const { protocol, hostname } = new URL(address);
	if (protocol === 'https:') return true;
	return (
		protocol === 'http:' &&
		(hostname === 'localhost' ||
			hostname === '[::1]' ||
			(isIPv4(hostname) && loopback.check(hostname)))
	);
}

/** A complete credential, of which some fields can be changed. */
const complete = {
	operator: 'camara',
	authorizationGrant: 'ciba',
	camaraClientAuthentication: 'clientSecretBasic',
	baseUrl: 'https://api.example.com',
	discoveryUrl: '',
	backchannelAuthorizationUrl: 'https://api.example.com/bc-authorize',
	authorizationUrl: 'https://api.example.com/authorize',
	tokenUrl: 'https://api.example.com/token',
	clientId: 'made-up-id',
	clientSecret: 'made-up-secret',
	signingAlgorithm: 'ES256',
	privateKey: keys[0],
	purpose: 'Marketing',
};
const almostComplete = fc
	.tuple(credential, fc.subarray(Object.keys(complete), { maxLength: 2 }))
	.map(([changes, names]) => ({
		...complete,
		...Object.fromEntries(Object.entries(changes).filter(([name]) => names.includes(name))),
	}));
const withAddress = fc
	.tuple(url, fc.constantFrom('baseUrl', 'discoveryUrl', 'tokenUrl'))
	.map(([address, name]) => ({ ...complete, [name]: address }));
const secret = fc.stringMatching(/^[a-z]{4}\d[a-zA-Z]{10,20}$/);

export const properties: Property[] = [
	{
		name: 'a credential gives an application whose every address is confidential, or says which field is wrong',
		holds: fc.property(fc.oneof(credential, almostComplete, withAddress), (filledIn) => {
			const outcome = outcomeOf(() => parseApplication(filledIn));
			if (!('value' in outcome)) return refusedWith(outcome, 'INVALID_CREDENTIAL');
			const { baseUrl, endpoints } = outcome.value;
			return [baseUrl, ...Object.values(endpoints)].every(isConfidential);
		}),
	},
	{
		name: 'a base URL has neither user, query, fragment nor a slash at its end, or is refused without being shown',
		holds: fc.property(url, (baseUrl) => {
			const outcome = outcomeOf(() => parseApplication({ ...complete, baseUrl }));
			if (!('value' in outcome)) {
				return (
					refusedWith(outcome, 'INVALID_CREDENTIAL') &&
					!/someone|word/.test(wordsOf(outcome.refusal))
				);
			}
			const { origin, pathname, username, password, search, hash } = new URL(baseUrl.trim());
			return (
				/^https?:\/\/[^/?#@\s]+(\/[^?#\s]*[^/?#\s])?$/.test(outcome.value.baseUrl) &&
				(origin + pathname).startsWith(outcome.value.baseUrl) &&
				[username, password, search, hash].every((part) => part === '')
			);
		}),
	},
	{
		name: 'the address of an endpoint is the one that was entered, or it is refused',
		holds: fc.property(
			url,
			fc.constantFrom('tokenUrl', 'backchannelAuthorizationUrl', 'discoveryUrl'),
			(address, name) => {
				const outcome = outcomeOf(() => parseApplication({ ...complete, [name]: address }));
				if (!('value' in outcome)) return refusedWith(outcome, 'INVALID_CREDENTIAL');
				return Object.values(outcome.value.endpoints).includes(new URL(address.trim()).href);
			},
		),
	},
	{
		name: 'no secret of a credential is shown by its refusal, nor by the application that it gives',
		holds: fc.property(
			secret,
			fc.constantFrom('clientSecret', 'privateKey', 'accessToken', 'apiKey', 'clientId'),
			fc.constantFrom('', ' ', '"', 'Bearer ', '\n'),
			credential,
			(word, name, mark, changes) => {
				const filledIn = { ...complete, ...changes, [name]: mark + word + mark };
				const outcome = outcomeOf(() => parseApplication(filledIn));
				const shown = 'value' in outcome ? JSON.stringify(outcome.value) : wordsOf(outcome.refusal);
				return !shown.includes(word);
			},
		),
	},
	{
		name: 'a client’s authentication goes into headers and forms that can be sent',
		holds: fc.property(
			oneOf(clientAuthentications),
			fc.oneof(text, fc.constantFrom('app:with space%', 'a\r\nx-evil: 1')),
			text,
			(method, clientId, clientSecret) => {
				const { parse }: { parse(credential: object): Client } =
					clientAuthentications[method as keyof typeof clientAuthentications];
				const outcome = outcomeOf(() => parse({ ...complete, clientId, clientSecret }));
				if (!('value' in outcome)) return refusedWith(outcome, 'INVALID_CREDENTIAL');
				const { headers = {}, form = {} } = outcome.value.authenticate('https://api.example.com');
				return (
					Object.values(headers).every((value) => /^[ -~]+$/.test(value)) &&
					Object.values(form).every((value) => typeof value === 'string')
				);
			},
		),
	},
	{
		name: 'a redirect URI goes out letter by letter, encrypted or to this machine, or is refused',
		holds: fc.property(fc.oneof(url, anything), (input) => {
			const outcome = outcomeOf(() => parseRedirectUri(input));
			if (!('value' in outcome)) return refusedWith(outcome, 'INVALID_REDIRECT');
			return (
				outcome.value === String(input).trim() &&
				isConfidential(outcome.value) &&
				!outcome.value.includes('#')
			);
		}),
	},
	{
		name: 'an authorization URL’s options are a time and a short text, or refused',
		holds: fc.property(
			fc.oneof(fc.integer({ min: -1, max: 700_000 }), fc.double(), anything),
			fc.oneof(text, fc.string({ minLength: 190, maxLength: 210, size: 'max' }), anything),
			(expiresIn, reference) => {
				const time = outcomeOf(() => parseExpiresIn(expiresIn));
				const words = outcomeOf(() => parseReference(reference));
				return (
					('value' in time
						? time.value >= 1 && time.value <= 604_800
						: refusedWith(time, 'INVALID_REDIRECT')) &&
					('value' in words
						? (words.value ?? '').length <= 200
						: refusedWith(words, 'INVALID_REDIRECT'))
				);
			},
		),
	},
];
