import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import type { ItemError } from '../../nodes/OpenGateway/errors';
import { openGatewayApi } from '../support/credential';
import { inHeader, refusalsWith } from '../support/echo';
import { runNode } from '../support/engine';
import { hostileTexts, isPlainText } from '../support/hostileTexts';
import {
	startScriptedOperator,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

/**
 * Sixty hostile texts at each place at which the words of a server or of a workflow's caller come in:
 * what the node shows of them is text.
 */
let operator: ScriptedOperator;
/** The answers with a text, by the end of the path; every other request is granted. */
let script: Record<string, (text: string) => ScriptedAnswer>;

/** An item for each text; the operator knows by the end of the number which text it has to say. */
const items = hostileTexts.map((text, at) => ({ text, phoneNumber: `+34600007${100 + at}` }));
const OF_ITEM = /(?:34600007|request-|token-)1(\d\d)/;

beforeAll(async () => {
	operator = await startScriptedOperator(({ path, body, headers }) => {
		const [, at = 'none'] = OF_ITEM.exec(`${body} ${headers.authorization}`) ?? [];
		const [, scripted] = Object.entries(script).find(([end]) => path.endsWith(end)) ?? [];
		if (scripted) return scripted(hostileTexts[Number(at)] ?? ofRun);
		if (path.endsWith('/bc-authorize')) return { body: { auth_req_id: `request-1${at}` } };
		if (path.endsWith('/token')) return { body: tokenOf(at) };
		return { body: { roaming: true } };
	});
});
beforeEach(() => {
	script = {};
	documents++;
});
afterAll(async () => await operator.close());

const tokenOf = (item: string) => ({
	...{ access_token: `token-1${item}`, token_type: 'Bearer', expires_in: 60 },
});
/** The text of a request that is about no device. */
let ofRun = '';
/** Another Discovery URL for each item: documents are cached. */
let documents = 0;

type Credential = () => ICredentialDataDecryptedObject;
const camara =
	(authorizationGrant: string, changes: () => IDataObject = () => ({})): Credential =>
	() =>
		openGatewayApi({
			operator: 'camara',
			authorizationGrant,
			baseUrl: operator.baseUrl,
			clientAuthentication: 'clientSecretBasic',
			backchannelAuthorizationUrl: `${operator.baseUrl}/bc-authorize`,
			authorizationUrl: `${operator.baseUrl}/authorize`,
			tokenUrl: `${operator.baseUrl}/token`,
			...changes(),
		});
const byCiba = camara('ciba');
const byClient = camara('clientCredentials');
const discovering = camara('clientCredentials', () => ({
	discoveryUrl: `${operator.baseUrl}/issuer-${documents}`,
}));

/** All that a person can read of a run, but for the item as it came in. */
interface Shown {
	readonly error?: ItemError;
	readonly json: IDataObject;
	readonly texts: readonly string[];
}

async function shownOf(
	about: IDataObject[],
	credential: Credential,
	parameters: INodeParameters,
): Promise<Shown[]> {
	documents++;
	const { outputs, hints, logged } = await runNode(about, {
		credential: credential(),
		parameters: { options: { retries: 0 }, ...parameters },
		onError: 'continueRegularOutput',
	});
	const ofAll = [...hints.map(({ message }) => message), ...textsIn(logged)].flatMap((lines) =>
		lines.split('\n'),
	);
	return (outputs[0] ?? []).map(({ json }) => {
		const { error } = json;
		const texts = [...textsIn({ ...json, text: '' }), ...ofAll];
		return { error: error as unknown as ItemError, json, texts };
	});
}

/** The error of a run that stops, in which the only markup is that of the node itself. */
async function stoppedWith(item: IDataObject): Promise<string[]> {
	const { error, hints } = await runNode([item], {
		credential: byClient(),
		parameters: { options: { retries: 0 } },
	});
	const { message = '', description } = error ?? {};
	const lines = (description ?? '').split('<br/>');
	return [message, ...lines, ...hints.map((hint) => hint.message)];
}

function textsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]);
}

function expectTexts(all: Shown[], expectShown: (shown: Shown) => void): void {
	for (const shown of all) {
		expect(shown.texts.filter((one) => !isPlainText(one))).toEqual([]);
		const { code, description } = shown.error ?? {};
		expect(code ?? 'NONE').toMatch(/^[\w.:-]{1,64}$/);
		expect(description ?? '').toMatch(/^.{0,200}$/);
		expect(description ?? '').not.toMatch(/[^\s\p{Lo}]{61}/u);
		expectShown(shown);
	}
}

async function expectTextsAlone(
	credential: Credential,
	parameters: INodeParameters = {},
	expectShown: (shown: Shown) => void = () => undefined,
): Promise<void> {
	const all = await shownOf(items, credential, parameters);
	expect(all).toHaveLength(60);
	expectTexts(all, expectShown);
}

const isRefused = ({ error }: Shown) => expect(error).toBeDefined();
const isAnswered = ({ json, error }: Shown) => {
	expect(error).toBeUndefined();
	expect(json).toMatchObject({ roaming: true });
};

const places: [place: string, credential: Credential][] = [
	['/retrieve', byClient],
	['/token', byCiba],
	['/bc-authorize', byCiba],
];

describe.each(Object.entries(refusalsWith))('hostile texts as the %s', (_field, answer) => {
	test.each(places)('of a refusal of %s', async (place, credential) => {
		script = { [place]: answer };
		await expectTextsAlone(credential, {}, isRefused);
	});
});

test('words that are not hostile arrive', async () => {
	const words = 'The line is barred, says François (№ 5)';
	const withoutWords = ['error', 'code', 'challenge', 'correlator'];
	for (const [field, answer] of Object.entries(refusalsWith)) {
		if (withoutWords.includes(field)) continue;
		script = { '/retrieve': () => answer(words) };
		const [shown] = await shownOf(items.slice(0, 1), byClient, {});
		expect(shown?.error?.description).toContain(words);
	}
});

test.each(['message', 'correlator'])('a run that stops shows text alone: %s', async (field) => {
	script = { '/retrieve': refusalsWith[field]! };
	for (const item of items) {
		const shown = await stoppedWith(item);
		expect(shown.length).toBeGreaterThan(1);
		expect(shown.filter((one) => !isPlainText(one))).toEqual([]);
	}
});

describe('a hostile text in an answer of the API', () => {
	test.each([
		['roaming', isRefused],
		['countryCode', isAnswered],
		['countryName', isAnswered],
		['lastStatusTime', isAnswered],
		['device', isAnswered],
		['another member', isAnswered],
	])('%s', async (member, expected) => {
		script = { '/retrieve': (hostile) => ({ body: { roaming: true, [member]: hostile } }) };
		await expectTextsAlone(byClient, {}, expected);
		script = { '/retrieve': (hostile) => ({ body: { roaming: true, [member]: [hostile] } }) };
		await expectTextsAlone(byClient, {}, expected);
	});

	test('a name of a member', async () => {
		script = { '/retrieve': (hostile) => ({ body: { roaming: true, [hostile]: [hostile] } }) };
		await expectTextsAlone(byClient, {}, isAnswered);
	});
});

describe('a hostile text in an answer of the authorization server', () => {
	test.each<[member: string, expected: (shown: Shown) => void]>([
		['access_token', () => undefined],
		['token_type', isRefused],
		['expires_in', isAnswered],
		['scope', isAnswered],
	])('%s', async (member, expected) => {
		script = { '/token': (hostile) => ({ body: { ...tokenOf('00'), [member]: hostile } }) };
		await expectTextsAlone(byCiba, {}, expected);
	});

	test.each(['auth_req_id', 'expires_in', 'interval'])('%s', async (member) => {
		script = {
			'/bc-authorize': (hostile) => ({
				body: { auth_req_id: 'made-up-auth-req-id', [member]: hostile },
			}),
		};
		await expectTextsAlone(byCiba, {}, isAnswered);
	});

	const document = '/openid-configuration';
	test.each<[what: string, answer: (hostile: string) => ScriptedAnswer]>([
		['a refusal', refusalsWith.message!],
		['an issuer', (issuer) => ({ body: { issuer } })],
		[
			'an endpoint',
			(hostile) => ({
				body: {
					issuer: `${operator.baseUrl}/issuer-${documents}`,
					token_endpoint: `${operator.baseUrl}/none?${hostile}/${hostile}`,
				},
			}),
		],
	])('%s of a discovery document', async (_what, answer) => {
		script = { [document]: answer, '': () => ({ status: 404, body: '' }) };
		for (ofRun of hostileTexts) {
			expectTexts(await shownOf([{ ...items[0], text: ofRun }], discovering, {}), isRefused);
		}
	});

	test('a time to wait', async () => {
		script = {
			'/retrieve': (hostile) => ({
				...refusalsWith.detail?.('No'),
				headers: { 'retry-after': inHeader(hostile) },
			}),
		};
		await expectTextsAlone(byClient, {}, isRefused);
	});
});

describe('a hostile text of whoever calls the workflow', () => {
	const TEXT = '={{ $json.text }}';
	const refused: [what: string, parameters: INodeParameters][] = [
		['a phone number', { phoneNumber: TEXT }],
		['a part of a phone number', { phoneNumber: '=+34600{{ $json.text }}' }],
		['an IPv4 address', { identifierType: 'ipv4Address', ipv4Address: TEXT }],
		['an IPv6 address', { identifierType: 'ipv6Address', ipv6Address: TEXT }],
		[
			'a private address',
			{ identifierType: 'ipv4Address', ipv4Address: '80.90.34.1', privateAddress: TEXT },
		],
		['a port', { identifierType: 'ipv4Address', ipv4Address: '80.90.34.1', port: TEXT }],
		[
			'a network access identifier',
			{ identifierType: 'networkAccessIdentifier', networkAccessIdentifier: TEXT },
		],
		['a calling code', { phoneNumber: '600123456', options: { defaultCallingCode: TEXT } }],
		['an expression that fails', { phoneNumber: '={{ $json.text.toDateTime("x", $json.text) }}' }],
		['an error of an expression', { phoneNumber: '={{ $jmespath($json.text, $json.text) }}' }],
	];
	test.each(refused)('%s', async (_what, parameters) => {
		await expectTextsAlone(byClient, parameters, isRefused);
	});

	test('an operation', async () => {
		await expectTextsAlone(byClient, { operation: TEXT });
	});

	const url = { resource: 'authorization', operation: 'createUrl', identifierType: 'nothing' };
	const redirectUri = 'https://n8n.example/webhook/back';
	test.each<[what: string, parameters: INodeParameters]>([
		['a redirect URI', { redirectUri: TEXT }],
		['a part of a redirect URI', { redirectUri: `=${redirectUri}?{{ $json.text }}` }],
		['a lifetime', { redirectUri, options: { expiresIn: TEXT } }],
		['a reference', { redirectUri, options: { reference: TEXT } }],
	])('%s of an authorization URL', async (_what, parameters) => {
		await expectTextsAlone(camara('authorizationCode'), { ...url, ...parameters });
	});

	test.each<[what: string, query: string]>([
		['a callback', '={{ $json.text }}'],
		['the error of a callback', '={{ { error: $json.text } }}'],
		[
			'the description in a callback',
			'={{ { error: "access_denied", error_description: $json.text } }}',
		],
		['the state of a callback', '={{ { state: $json.text, code: "made-up-code" } }}'],
		['the code of a callback', '={{ { code: $json.text } }}'],
	])('%s', async (_what, callbackQuery) => {
		const parameters = { identifierType: 'authorizationCallback', callbackQuery };
		await expectTextsAlone(camara('authorizationCode'), parameters, isRefused);
	});
});
