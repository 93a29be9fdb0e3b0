import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	createSourceFile,
	forEachChild,
	isRegularExpressionLiteral,
	ScriptTarget,
	type Node,
} from 'typescript';
import {
	parseExpiresIn,
	parseRedirectUri,
	parseReference,
} from '../nodes/OpenGateway/actions/authorization/redirect';
import { roamingStatus } from '../nodes/OpenGateway/apis/roamingStatus';
import { discover } from '../nodes/OpenGateway/authorization';
import { authorizationError } from '../nodes/OpenGateway/authorization/authorizationErrors';
import { openState } from '../nodes/OpenGateway/authorization/authorizationState';
import { readTokenResponse } from '../nodes/OpenGateway/authorization/grant';
import { parseApplication } from '../nodes/OpenGateway/credential/application';
import { oAuth2Expressions, baseUrlField } from '../nodes/OpenGateway/credential/oAuth2Expressions';
import {
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
} from '../nodes/OpenGateway/device';
import { quoted, serverError } from '../nodes/OpenGateway/errors';
import { readResponse } from '../nodes/OpenGateway/http';
import { operators, pastedPath, variantsOf, type Operator } from '../nodes/OpenGateway/operators';
import { isQuotaExceeded, refusalError, refusalInAnswer } from '../nodes/OpenGateway/refusal';
import { parseSendOptions } from '../nodes/OpenGateway/transport/sendOptions';
import { combination } from './support/combinations';
import { asItOpens } from './support/credential';

/**
 * n8n's main process evaluates credentials, and one process runs many workflows: no text that a
 * person, an expression or a server supplies may hold it up.
 */
const LENGTH = 100_000;
/** Processor time (ms). */
const LONGEST = 50;

/** Processor time (ms) of the work, the least of three attempts: other work of the process adds to it. */
async function costOf(work: () => unknown): Promise<number> {
	const attempt = async () => {
		const before = process.cpuUsage();
		try {
			await work();
		} catch {
			// A refusal is as good as an answer.
		}
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1000;
	};
	const first = await attempt();
	return first <= LONGEST ? first : Math.min(first, await attempt(), await attempt());
}

/** Texts that are long because a part of them is repeated, and end otherwise. */
function longTexts(parts: readonly string[], beginnings: readonly string[] = ['']): string[] {
	return parts.flatMap((part) =>
		beginnings.flatMap((beginning) =>
			['', '\0'].map((ending) => {
				const repeated = part.repeat(Math.ceil(LENGTH / part.length));
				return (beginning + repeated).slice(0, LENGTH - ending.length) + ending;
			}),
		),
	);
}

const CHARACTERS = [...' \n\t0159aAzZeE+-.:,;/=_"\'<>[]{}()$%&@#?!|\\~•'];
const UNUSUAL = ['é', '\u00a0', '\u200b', '\u2212', '\ud83d', '😀', '\u202e'];
const WORDS = [
	...['A_', 'a ', '1 ', '1  1', '0 /', '1/1', '+1', '//a', '/a', '/v1', '/v1/a', '/token/'],
	...['/device-status/v0', '/device-roaming-status//v1', 'aB', 'a-b', 'a=b ', 'a="', 'a=b,'],
	...['{{', '{{$', '{{$}', '<a', '<a>', '<a>b</', '<![CDATA[', '[[', '{"a":', '\\n', '\\"'],
	...['over quota ', 'quota over ', 'does not exist ', 'device not found ', 'exceeded daily a '],
	...['-----BEGIN A-----', '-----BEGIN ', '-----END A-----', 'localhost.', 'a.', '127.', '::1:'],
	...['T00:00', '(', '2024-01-01 ', 'per second ', 'http://a ', 'tel:', 'https:'],
];
const TEXTS = longTexts([...CHARACTERS, ...UNUSUAL, ...WORDS]);
const ADDRESSES = longTexts(
	[...CHARACTERS, ...WORDS],
	['https://a.example/a', 'https://', 'http://localhost:8480'],
);

/** The readers, each with what its costliest text costs (ms). */
const worst: { name: string; text: string; ms: number }[] = [];

async function expectFast(
	name: string,
	texts: readonly string[],
	read: (text: string) => unknown,
): Promise<void> {
	let found = { name, text: '', ms: 0 };
	for (const text of texts) {
		const ms = await costOf(() => read(text));
		if (ms > found.ms) found = { name, text: JSON.stringify(text.slice(0, 40)), ms };
		if (ms > LONGEST) break;
	}
	worst.push(found);
	expect(found.ms > LONGEST ? found : 'fast').toBe('fast');
}

afterAll(() => {
	const [{ name, text, ms } = worst[0]!] = worst.sort((a, b) => b.ms - a.ms);
	console.info(
		`${worst.length} readers of ${LENGTH} characters; the slowest is ${name} with ${text}…: ${ms.toFixed(1)} ms`,
	);
});

describe('a field of the node', () => {
	test.each<[string, (text: string) => unknown]>([
		['Phone Number', (text) => parsePhoneNumber(text)],
		['Default Calling Code', (text) => parsePhoneNumber('600000001', text)],
		['IPv4 Address', (text) => parseIpv4Address(text)],
		['Private Address', (text) => parseIpv4Address(text, 'Private Address')],
		['IPv6 Address', parseIpv6Address],
		['Port', parsePort],
		['Network Access Identifier', parseNetworkAccessIdentifier],
		['Expires After', parseExpiresIn],
		['Reference', parseReference],
		['Timeout', (timeout) => parseSendOptions({ timeout })],
	])('is read in no time, whatever its text: %s', async (name, read) => {
		await expectFast(name, TEXTS, read);
	});

	test('is read in no time, whatever its text: Redirect URI', async () => {
		await expectFast('Redirect URI', [...TEXTS, ...ADDRESSES], parseRedirectUri);
	});

	test.each([300, 299, 200])('is read in no time if it has %i characters', async (length) => {
		const texts = TEXTS.map((text) => text.slice(0, length - 1) + text.slice(-1));
		const readers = [parsePhoneNumber, parseIpv4Address, parseIpv6Address];
		for (const read of readers) {
			await expectFast(`${length} characters`, texts, (text) => read(text));
		}
		await expectFast(`${length} characters`, texts, (text) => parsePhoneNumber(text, '49'));
	});
});

const FIELDS = [
	...['baseUrl', 'authorizationBaseUrl', 'discoveryUrl', 'tokenUrl', 'authorizationUrl'],
	...['backchannelAuthorizationUrl', 'clientId', 'clientSecret', 'privateKey', 'keyId'],
	...['accessToken', 'apiKey', 'scope', 'purpose', 'signingAlgorithm', 'operator'],
];

describe('a field of the credential', () => {
	const some = [
		combination('telefonica', '', 'ciba', 'clientSecretBasic'),
		combination('orange', 'playground', 'authorizationCode', 'privateKeyJwt'),
		combination('nokia', 'nokia', 'apiKey'),
		combination('camara', 'v1', 'authorizationCode', 'clientSecretPost'),
		combination('camara', 'v1', 'jwtBearer'),
		combination('camara', 'v1', 'accessToken'),
	];
	const url = 'https://a.example/a';
	const complete = { baseUrl: url, tokenUrl: url, authorizationUrl: url, clientSecret: 'made-up' };

	test.each(FIELDS)('is read in no time, whatever its text: %s', async (field) => {
		const texts = field.endsWith('Url') ? ADDRESSES : TEXTS;
		for (const { name, fields } of some) {
			const credential = asItOpens({ ...complete, ...fields, clientId: 'made-up' });
			await expectFast(`${field} of ${name}`, texts, (text) =>
				parseApplication({ ...credential, [field]: text }),
			);
		}
	});

	test('is read in no time if it is an address of 2,000 characters', async () => {
		const texts = ADDRESSES.map((text) => text.slice(0, 1999) + text.slice(-1));
		for (const operator of ['telefonica', 'orange', 'camara']) {
			await expectFast(`Base URL of ${operator}`, texts, (baseUrl) =>
				parseApplication(asItOpens({ ...complete, clientId: 'made-up', operator, baseUrl })),
			);
		}
	});

	/** Of the OAuth2 credential, as n8n's main process evaluates them. */
	const expressions = Object.entries(oAuth2Expressions).map(([name, expression]) => {
		const code = /^=\{\{(.*)\}\}$/s.exec(expression)?.[1];
		const evaluate = new Function('$self', `return (${code})`) as (self: object) => unknown;
		return [name, evaluate] as const;
	});
	test.each(expressions)(
		'of the OAuth2 credential is read in no time, whatever its text: %s',
		async (name, evaluate) => {
			for (const operator of ['telefonica', 'orange', 'camara']) {
				const addresses = ['authorizationBaseUrl', 'authorizationUrl', 'tokenUrl'];
				for (const field of [baseUrlField(operator), ...addresses, 'customScope']) {
					await expectFast(`${name} by ${field} of ${operator}`, ADDRESSES, (text) =>
						evaluate({ operator, purpose: 'Marketing', [field]: text }),
					);
				}
			}
		},
	);
});

describe('a server’s text', () => {
	const request = {
		method: 'POST',
		url: 'https://a.example/a',
		headers: { 'x-correlator': 'made-up' },
	} as const;
	const response = (body: unknown, status = 400, headers: Record<string, unknown> = {}) =>
		readResponse(request, status, headers, typeof body === 'string' ? body : JSON.stringify(body));
	const { errors } = operators.camara;

	test.each([
		...['x-correlator', 'retry-after', 'www-authenticate', 'x-ratelimit-reset'],
		...['ratelimit-reset', 'x-ratelimit-remaining'],
	])('in the header %s is read in no time', async (name) => {
		await expectFast(name, TEXTS, (text) => {
			for (const status of [401, 429]) {
				const read = response('', status, { [name]: text });
				isQuotaExceeded(read);
				refusalError(read, errors, 'the device');
			}
		});
	});

	test('in the name of a header is read in no time', async () => {
		await expectFast(
			'header',
			longTexts(['-a', '-reset', 'x-ratelimit-'], ['x-ratelimit-']),
			(name) => response('', 429, { [name]: '1' }),
		);
	});

	test.each<[string, (text: string) => unknown]>([
		['a body of text', (text) => text],
		['message', (message) => ({ code: 'X', message })],
		['code', (code) => ({ code })],
		['error_description', (error_description) => ({ error: 'invalid_grant', error_description })],
		['detail', (detail) => ({ detail: [{ msg: detail }] })],
		['a list of words', (text) => ({ messages: { phoneNumber: [text] } })],
		['the name of a member', (name) => ({ error: { [name]: name } })],
		['JSON in a text', (text) => ({ message: `{"message":${JSON.stringify(text)}}` })],
	])('in a refusal is read in no time: %s', async (name, bodyOf) => {
		const statuses = name === 'message' ? [200, 401, 403, 429] : [404];
		for (const status of statuses) {
			const readers: ((read: ReturnType<typeof response>) => unknown)[] = [
				isQuotaExceeded,
				(read) => refusalError(read, errors, 'the device'),
				(read) => refusalInAnswer(read, errors, 'the device'),
				(read) => authorizationError(read, 'the device'),
			];
			for (const reader of readers.slice(0, status === 200 ? 4 : 2)) {
				await expectFast(`${name} with HTTP ${status}`, TEXTS, (text) =>
					reader(response(bodyOf(text), status)),
				);
			}
		}
	});

	test.each(['countryCode', 'countryName', 'lastStatusTime', 'roaming'])(
		'in an answer is read in no time: %s',
		async (name) => {
			for (const wrap of [(text: string) => text as unknown, (text: string) => [text]]) {
				await expectFast(name, TEXTS, (text) =>
					roamingStatus.read(response({ roaming: true, [name]: wrap(text) }, 200), () => undefined),
				);
			}
		},
	);

	test.each(['access_token', 'token_type', 'expires_in'])(
		'in a token response is read in no time: %s',
		async (name) => {
			const token = { access_token: 'made-up', token_type: 'Bearer' };
			await expectFast(name, TEXTS, (text) =>
				readTokenResponse(response({ ...token, [name]: text }, 200), 'subscriber'),
			);
		},
	);

	test('that is quoted is quoted in no time', async () => {
		await expectFast('quoted', TEXTS, quoted);
		const text = { happened: '', nextMove: 'you', remedy: '' } as const;
		await expectFast('code', TEXTS, (code) =>
			serverError({}, text, { code, message: code, device: 'the device' }),
		);
	});

	test('in a callback is read in no time', async () => {
		const client = { id: 'made-up', authenticate: () => ({}), secret: () => 'made-up' };
		await expectFast('state', TEXTS, (state) =>
			openState(state, client, 'https://a.example/token'),
		);
	});

	test.each(['issuer', 'token_endpoint'])(
		'in a discovery document is read in no time: %s',
		async (name) => {
			const url = 'https://a.example';
			await expectFast(name, [...TEXTS, ...ADDRESSES], async (text) => {
				const answer = response({ issuer: url, [name]: text }, 200);
				await discover(url, async () => answer, 'made-up');
			});
		},
	);
});

describe('a regular expression', () => {
	const ROOT = join(__dirname, '..');
	const found = ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.ts') && !file.endsWith('Table.ts'))
			.flatMap((file) => regularExpressionsIn(join(ROOT, folder, file))),
	);

	test.each(found)('takes no longer for a long text: $file $expression', async ({ expression }) => {
		const own = (expression.source.match(/[^\\\s()[\]{}|?*+^$]{2,}/g) ?? []).slice(0, 6);
		// These read the beginning of a text alone.
		const length = expression.source.includes('exceed') ? 500 : LENGTH;
		const texts = [...TEXTS, ...longTexts(own)].map((text) => text.slice(-length));
		await expectFast(String(expression), texts, (text) =>
			expression.global ? text.replace(expression, '') : expression.exec(text),
		);
	});

	test.each(
		Object.entries<Operator>(operators).flatMap(([name, operator]) =>
			variantsOf(operator).map(([variant, itself]) => [name, variant, itself] as const),
		),
	)(
		'that takes off a pasted path takes no longer for a long one: %s %s',
		async (name, variant, operator) => {
			const path = pastedPath(operator);
			await expectFast(`pasted path of ${name} ${variant}`, ADDRESSES, (text) =>
				text.replace(path, ''),
			);
		},
	);
});

/** The literals of a file, compiled. */
function regularExpressionsIn(path: string): { file: string; expression: RegExp }[] {
	const expressions: { file: string; expression: RegExp }[] = [];
	const visit = (node: Node) => {
		if (isRegularExpressionLiteral(node)) {
			const end = node.text.lastIndexOf('/');
			expressions.push({
				file: path.split('/').at(-1) ?? '',
				expression: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)),
			});
		}
		forEachChild(node, visit);
	};
	visit(createSourceFile(path, readFileSync(path, 'utf8'), ScriptTarget.Latest));
	return expressions;
}
