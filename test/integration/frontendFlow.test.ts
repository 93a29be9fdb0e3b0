import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { cookiesOf, fromCallback, REDIRECT_URI, webhookItem } from '../support/callback';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { phoneThatAllows } from '../support/phone';
import { pathsAsked, sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();

const ABROAD = '+34600000001';
const AT_HOME = '+34600000002';

/** At an operator that alone knows which phone opens the URL. */
const credential = () =>
	openGatewayApi({
		operator: 'camara',
		authorizationGrant: 'authorizationCode',
		baseUrl: sandbox.baseUrls.camara,
		discoveryUrl: `${sandbox.baseUrls.camara}/.well-known/openid-configuration`,
	});

/** What the first webhook sends a browser away with. */
async function authorizationUrl(options: IDataObject = {}, redirectUri = REDIRECT_URI) {
	const { outputs } = await runNode([{}], {
		credential: credential(),
		parameters: {
			resource: 'authorization',
			operation: 'createUrl',
			redirectUri,
			options,
		} as INodeParameters,
	});
	const { url, setCookie } = outputs[0]?.[0]?.json ?? {};
	return { url: String(url), setCookie };
}

/** The answer to a phone that comes back, or the code of its refusal. */
async function answer(cameBack: IDataObject): Promise<unknown> {
	const { outputs } = await runNode([{}], {
		credential: credential(),
		parameters: fromCallback,
		variables: cameBack,
		onError: 'continueRegularOutput',
	});
	const { error, country, reference } = outputs[0]?.[0]?.json ?? {};
	return error ? (error as IDataObject).code : { country, reference };
}

/** Whether the operator was asked about any phone. */
const wasAsked = async () =>
	(await pathsAsked(sandbox)).some((path) => path === 'token' || path === 'retrieve');

test('a phone that stays in one browser is answered for, with the reference of its URL', async () => {
	const { url, setCookie } = await authorizationUrl({ reference: 'customer 42' });
	const query = await phoneThatAllows(url, ABROAD);
	expect(await answer(webhookItem(query, setCookie))).toEqual({
		country: 'DE',
		reference: 'customer 42',
	});
});

test('a link that its recipient opens does not answer about the recipient’s phone', async () => {
	const { url } = await authorizationUrl();
	const ofRecipient = await phoneThatAllows(url, ABROAD);
	expect(await answer(webhookItem(ofRecipient, undefined))).toBe('OTHER_BROWSER');
	expect(await wasAsked()).toBe(false);
});

test('a link does not answer about its recipient under the sender’s reference', async () => {
	const sent = await authorizationUrl({ reference: 'the sender' });
	const own = await authorizationUrl({ reference: 'the recipient' });
	const ofRecipient = await phoneThatAllows(sent.url, ABROAD);
	// Also with a cookie of the recipient's own.
	expect(await answer(webhookItem(ofRecipient, own.setCookie))).toBe('OTHER_BROWSER');
	// Also if the sender gets hold of the address with which the recipient came back.
	expect(await answer(webhookItem(ofRecipient, sent.setCookie))).toBe('USED_CALLBACK');
	expect(await wasAsked()).toBe(false);
});

test('one URL does not answer about three phones', async () => {
	const { url, setCookie } = await authorizationUrl();
	const [first, ...others] = [
		await phoneThatAllows(url, ABROAD),
		await phoneThatAllows(url, AT_HOME),
		await phoneThatAllows(url, '+34600000003'),
	] as const;
	expect(await answer(webhookItem(first, setCookie))).toMatchObject({ country: 'DE' });
	await sandbox.forget();
	for (const query of others) {
		expect(await answer(webhookItem(query, undefined))).toBe('OTHER_BROWSER');
		expect(await answer(webhookItem(query, setCookie))).toBe('USED_CALLBACK');
	}
	expect(await wasAsked()).toBe(false);
});

test('a workflow does not take the callback of another one with the same credential', async () => {
	const other = 'http://127.0.0.1:5678/webhook/newsletter-back';
	const { url, setCookie } = await authorizationUrl({ reference: 'customer 42' }, other);
	const query = await phoneThatAllows(url, ABROAD);
	expect(await answer(webhookItem(query, setCookie))).toBe('INVALID_CALLBACK');
	expect(await wasAsked()).toBe(false);
	expect(await answer(webhookItem(query, setCookie, other))).toMatchObject({ country: 'DE' });
});

test('200 codes with one state make one token request', async () => {
	const { url, setCookie } = await authorizationUrl();
	const query = await phoneThatAllows(url, ABROAD);
	await sandbox.forget();
	const { outputs } = await runNode(
		Array.from({ length: 200 }, () => ({})),
		{
			credential: credential(),
			parameters: {
				...fromCallback,
				callbackQuery: '={{ { ...$vars.query, code: $vars.query.code + ($itemIndex || "") } }}',
			},
			variables: webhookItem(query, setCookie),
			onError: 'continueRegularOutput',
		},
	);
	const [answered, ...refused] = outputs[0]?.map(({ json }) => json) ?? [];
	expect(answered).toMatchObject({ country: 'DE' });
	expect(refused).toHaveLength(199);
	for (const { error } of refused) expect(error).toMatchObject({ code: 'USED_CALLBACK' });
	expect((await pathsAsked(sandbox)).filter((path) => path === 'token')).toHaveLength(1);
});

test('a browser on its way with two links is answered for both, in any order', async () => {
	const first = await authorizationUrl({ reference: 'first' });
	const second = await authorizationUrl({ reference: 'second' });
	const cookie = cookiesOf(first.setCookie, second.setCookie);
	for (const [reference, { url }] of Object.entries({ second, first })) {
		const cameBack = webhookItem(await phoneThatAllows(url, ABROAD), undefined);
		expect(await answer({ ...cameBack, headers: { cookie } })).toEqual({
			country: 'DE',
			reference,
		});
	}
});

test('a URL that is for anyone answers about whichever phone opens it, once', async () => {
	const { url, setCookie } = await authorizationUrl({ forAnyone: true });
	expect(setCookie).toBeNull();
	const query = await phoneThatAllows(url, ABROAD);
	expect(await answer(webhookItem(query, undefined))).toMatchObject({ country: 'DE' });
	expect(await answer(webhookItem(query, undefined))).toBe('USED_CALLBACK');
});
