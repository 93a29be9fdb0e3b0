import { generateKeyPairSync } from 'node:crypto';
import { CredentialTestContext } from 'n8n-core';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { signingAlgorithms } from '../../nodes/OpenGateway/authorization';
import { authorizationErrors } from '../../nodes/OpenGateway/authorization/authorizationErrors';
import { clientAuthentications } from '../../nodes/OpenGateway/authorization/client';
import { openGatewayApiTest } from '../../nodes/OpenGateway/methods/credentialTest';
import { fromCallback, webhookItem } from '../support/callback';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { answerAbout, describeWithGlewlwyd, REDIRECT_URI, SUBSCRIBERS } from '../support/glewlwyd';
import { record } from '../support/recordings';

const PHONE_NUMBER = SUBSCRIBERS[0]!;
const UNKNOWN = '+34600000999';

const BY_SECRET = ['clientSecretBasic', 'clientSecretPost'] as const;
const BY_KEY = Object.keys(signingAlgorithms) as Array<keyof typeof signingAlgorithms>;
const AUTHENTICATIONS = [...BY_SECRET, ...BY_KEY];
type Authentication = (typeof AUTHENTICATIONS)[number];

const BACKEND_GRANTS = ['ciba', 'clientCredentials'] as const;
const BACKEND = BACKEND_GRANTS.flatMap((authorizationGrant) =>
	AUTHENTICATIONS.map((authentication) => ({ authorizationGrant, authentication })),
);

const isSecret = (authentication: Authentication) =>
	BY_SECRET.some((name) => name === authentication);

describeWithGlewlwyd('with Glewlwyd as the authorization server', (operator) => {
	/** The credential of an application that is registered for this client authentication. */
	function credential(
		authentication: Authentication,
		changes: IDataObject = {},
	): ICredentialDataDecryptedObject {
		const { baseUrl, issuer, secret, signing } = operator;
		const keyId = authentication === 'ES256' ? 'ec' : 'rsa';
		const client = isSecret(authentication)
			? { ...secret, camaraClientAuthentication: authentication }
			: {
					clientId: signing.clientId,
					camaraClientAuthentication: 'privateKeyJwt',
					privateKey: signing.privateKeys[keyId],
					keyId,
					signingAlgorithm: authentication,
				};
		return openGatewayApi({
			operator: 'camara',
			baseUrl,
			discoveryUrl: issuer,
			...client,
			...changes,
		});
	}

	async function ask(credential: ICredentialDataDecryptedObject, phoneNumbers = [PHONE_NUMBER]) {
		const items = phoneNumbers.map((phoneNumber) => ({ phoneNumber }));
		const { outputs } = await runNode(items, { credential, onError: 'continueRegularOutput' });
		return outputs[0]?.map(({ json }) => json) ?? [];
	}

	const answered = (phoneNumber: string) =>
		expect.objectContaining({ ...answerAbout(phoneNumber), device: { phoneNumber } }) as object;

	const refused = (code: string, words = '') =>
		expect.objectContaining({
			error: expect.objectContaining({
				code,
				nextMove: authorizationErrors[code]?.nextMove,
				message: expect.stringContaining(words) as string,
			}) as object,
		}) as object;

	test.each(BACKEND)(
		'a device is answered for with $authorizationGrant and $authentication',
		async ({ authorizationGrant, authentication }) => {
			expect(await ask(credential(authentication, { authorizationGrant }))).toEqual([
				answered(PHONE_NUMBER),
			]);
		},
	);

	/** The answer after the subscriber's phone has opened an authorization URL. */
	async function signIn(authentication: Authentication, changes: IDataObject = {}) {
		const grant = { authorizationGrant: 'authorizationCode' };
		const frontend = credential(authentication, { ...grant, ...changes });
		const { outputs } = await runNode([{ phoneNumber: PHONE_NUMBER }], {
			credential: frontend,
			parameters: {
				resource: 'authorization',
				operation: 'createUrl',
				redirectUri: REDIRECT_URI,
				identifierType: 'phoneNumber',
			},
		});
		const { url, setCookie } = outputs[0]?.[0]?.json ?? {};
		const query = await operator.signIn(String(url), PHONE_NUMBER);
		const callback = await runNode([{}], {
			credential: frontend,
			parameters: fromCallback,
			variables: webhookItem(query, setCookie, REDIRECT_URI),
			onError: 'continueRegularOutput',
		});
		return callback.outputs[0]?.map(({ json }) => json);
	}

	test.each(AUTHENTICATIONS)(
		'a phone that signs in is answered for with %s',
		async (authentication) => {
			expect(await signIn(authentication)).toEqual([
				expect.objectContaining(answerAbout(PHONE_NUMBER)),
			]);
		},
	);

	test('a phone that the server sends back with an error keeps its code', async () => {
		const callback = await signIn('clientSecretBasic', { ...operator.cibaAlone });
		expect(callback).toEqual([refused('unauthorized_client')]);
	});

	test('owners decide at once or later, each for their own device', async () => {
		const [atOnce, late, refusing, refusingLate] = SUBSCRIBERS as [string, string, string, string];
		operator.decisions.set(late, { allows: true, late: true });
		operator.decisions.set(refusing, { allows: false, late: false });
		operator.decisions.set(refusingLate, { allows: false, late: true });
		const asked = [atOnce, late, refusing, refusingLate, UNKNOWN];
		expect(await ask(credential('clientSecretBasic'), asked)).toEqual([
			answered(atOnce),
			answered(late),
			refused('access_denied'),
			refused('access_denied'),
			refused('invalid_request'),
		]);
	});

	test.each(AUTHENTICATIONS)('20 devices are answered for at once with %s', async (name) => {
		const devices = SUBSCRIBERS.slice(0, 20);
		expect(await ask(credential(name), devices)).toEqual(devices.map(answered));
	});

	test('a request that the server fails at is begun anew', async () => {
		operator.failing.add(`${operator.issuer}/token`);
		expect(await ask(credential('clientSecretBasic'))).toEqual([answered(PHONE_NUMBER)]);
	});

	test('an issuer that is not the address is refused, and the addresses can be entered', async () => {
		const named = { authorizationGrant: 'clientCredentials', discoveryUrl: operator.misnamed };
		expect(await ask(credential('clientSecretBasic', named))).toEqual([
			expect.objectContaining({
				error: expect.objectContaining({
					message: expect.stringContaining("'Discovery URL'") as string,
				}) as object,
			}),
		]);
		const entered = { ...named, discoveryUrl: '', tokenUrl: `${operator.misnamed}/token` };
		expect(await ask(credential('clientSecretBasic', entered))).toEqual([answered(PHONE_NUMBER)]);
	});

	const pem = { type: 'pkcs8', format: 'pem' } as const;
	const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem);
	/** At its token endpoint, Glewlwyd refuses clients without a word; at the other, only assertions. */
	const WRONG = [
		...BY_SECRET.map((name) => ({
			name,
			wrong: 'clientSecret',
			changes: { clientSecret: 'wrong' },
		})),
		...BY_SECRET.map((name) => ({ name, wrong: 'clientId', changes: { clientId: 'wrong' } })),
		{ name: 'ES256', wrong: 'privateKey', changes: { privateKey } },
		{ name: 'ES256', wrong: 'keyId', changes: { keyId: 'wrong' } },
		{ name: 'ES256', wrong: 'clientId', changes: { clientId: 'wrong' } },
	] as const;

	test.each(WRONG)(
		'a wrong $wrong of $name is told by code or status',
		async ({ name, changes }) => {
			const withCode = isSecret(name) ? 'invalid_client' : 'HTTP_401';
			for (const [authorizationGrant, code] of [
				['ciba', withCode],
				['clientCredentials', 'HTTP_403'],
			]) {
				expect(await ask(credential(name, { ...changes, authorizationGrant }))).toEqual([
					refused(code!),
				]);
			}
		},
	);

	test.each(BACKEND_GRANTS)(
		'a secret that Glewlwyd does not decode is refused with %s, and taken as the remedy says',
		async (authorizationGrant) => {
			const changes = { ...operator.oddSecret, authorizationGrant };
			const code = authorizationGrant === 'ciba' ? 'invalid_client' : 'HTTP_403';
			const remedy = clientAuthentications.clientSecretPost.displayName;
			expect(await ask(credential('clientSecretBasic', changes))).toEqual([refused(code, remedy)]);
			expect(await ask(credential('clientSecretPost', changes))).toEqual([answered(PHONE_NUMBER)]);
		},
	);

	async function testOf(data: ICredentialDataDecryptedObject) {
		const result = await openGatewayApiTest.call(new CredentialTestContext(), {
			id: '1',
			name: 'Operator',
			type: 'openGatewayApi',
			data,
		});
		record({ kind: 'credentialTest', result });
		return result;
	}

	test.each([
		['scope_invalid', 'Scope', () => credential('clientSecretBasic', { scope: 'wrong' })],
		[
			'authorization_type_invalid',
			'Grant Type',
			() => credential('clientSecretBasic', { ...operator.cibaAlone }),
		],
	])(
		'%s is a code of Glewlwyd alone, and names the field to mend: %s',
		async (code, field, registered) => {
			const data = { ...registered(), authorizationGrant: 'clientCredentials' };
			expect(await ask(data)).toEqual([refused(code, `'${field}'`)]);
			expect(await testOf(data)).toMatchObject({
				status: 'Error',
				message: expect.stringContaining(`'${field}'`) as string,
			});
		},
	);

	test.each(BACKEND)(
		'the credential’s test accepts $authorizationGrant with $authentication',
		async ({ authorizationGrant, authentication }) => {
			const data = credential(authentication, { authorizationGrant });
			expect(await testOf(data)).toMatchObject({ status: 'OK' });
		},
	);

	test.each(WRONG)(
		'the credential’s test refuses a wrong $wrong of $name',
		async ({ name, changes }) => {
			for (const authorizationGrant of BACKEND_GRANTS) {
				const wrong = credential(name, { ...changes, authorizationGrant });
				expect(await testOf(wrong)).toMatchObject({ status: 'Error' });
			}
		},
	);
});
