import { generateKeyPairSync } from 'node:crypto';
import { CredentialTestContext } from 'n8n-core';
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import { openGatewayApiTest } from '../../nodes/OpenGateway/methods/credentialTest';
import { openGatewayApi } from '../support/credential';
import { devices } from '../support/devices';
import { Echo, refusalsWith } from '../support/echo';
import { runNode } from '../support/engine';
import { leaks } from '../support/leaks';
import { record } from '../support/recordings';
import {
	startScriptedOperator,
	type ReceivedRequest,
	type ScriptedAnswer,
	type ScriptedOperator,
} from '../support/scriptedOperator';

/**
 * An operator that sends back each secret that it was sent, in every field of every answer. Some of
 * the secrets are letters alone, which no pattern tells from words.
 */
let operator: ScriptedOperator;
let echo: Echo;

const SECRET = 'gladys%20 & w+bert<i>';
const API_KEY = 'ottoline-key';
const OWN_TOKEN = 'philomena-token';

function granted({ path }: ReceivedRequest): ScriptedAnswer {
	if (path.endsWith('/bc-authorize')) return { body: { auth_req_id: 'cordelia-request' } };
	if (path.endsWith('/token')) {
		return { body: { access_token: 'leopoldina', token_type: 'Bearer', expires_in: 3600 } };
	}
	return { body: { roaming: true } };
}

beforeEach(async () => {
	echo = new Echo();
	operator = await startScriptedOperator((request) => echo.answer(request, granted(request)));
});
afterEach(async () => await operator.close());

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const privateKey = String(rsa.export({ format: 'pem', type: 'pkcs8' }));

type Credential = () => ICredentialDataDecryptedObject;

const credential =
	(changes: IDataObject): Credential =>
	() =>
		openGatewayApi({
			baseUrl: operator.baseUrl,
			clientId: 'an-application',
			clientSecret: SECRET,
			...{ privateKey, keyId: 'a-key', signingAlgorithm: 'RS256' },
			...{ accessToken: OWN_TOKEN, apiKey: API_KEY },
			backchannelAuthorizationUrl: `${operator.baseUrl}/bc-authorize`,
			authorizationUrl: `${operator.baseUrl}/authorize`,
			tokenUrl: `${operator.baseUrl}/token`,
			...changes,
		});
const camara = (authorizationGrant: string, clientAuthentication = 'clientSecretBasic') =>
	credential({ operator: 'camara', authorizationGrant, clientAuthentication });

const signedIn: Credential = () =>
	({
		operator: 'camara',
		baseUrl: operator.baseUrl,
		grantType: 'pkce',
		authentication: 'header',
		clientId: 'an-application',
		clientSecret: SECRET,
		accessTokenUrl: `${operator.baseUrl}/refreshed`,
		oauthTokenData: { access_token: OWN_TOKEN, refresh_token: 'marmaduke-refresh' },
	}) as ICredentialDataDecryptedObject;

const SERVER = ['/bc-authorize', '/token'];
const API = '/retrieve';
const flows: [name: string, credential: Credential, places: readonly string[]][] = [
	['CIBA with Basic', camara('ciba'), [...SERVER, API]],
	['CIBA with the secret in the form', camara('ciba', 'clientSecretPost'), [...SERVER, API]],
	['CIBA with a key', camara('ciba', 'privateKeyJwt'), [...SERVER, API]],
	['JWT Bearer', camara('jwtBearer'), ['/token', API]],
	['client credentials', camara('clientCredentials'), ['/token', API]],
	['client credentials with a key', camara('clientCredentials', 'privateKeyJwt'), ['/token', API]],
	['an access token', camara('accessToken'), [API]],
	['Telefónica’s CIBA', credential({ operator: 'telefonica' }), [...SERVER, '/roaming']],
	['an API key', credential({ operator: 'nokia' }), [API]],
	['a JWT in each request', credential({ operator: 'vonage' }), ['/requests']],
	['a signed-in phone', signedIn, [API]],
];

const FIELDS = Object.keys(refusalsWith).length;
/** Refusals for each of so many secrets and identifiers of a flow, in each field. */
const forValues = (count: number) => FIELDS * count;

/** Runs with these items until the operator has refused so often, and looks for what it sent back. */
async function expectNothingBack(
	refusals: number,
	items: IDataObject[],
	by: Credential,
	parameters: INodeParameters = {},
): Promise<void> {
	const words: unknown[] = [];
	while (words.length < refusals) {
		const { outputs, hints } = await runNode(items, {
			credential: by(),
			credentialId: 'one',
			parameters: { options: { retries: 0 }, ...parameters },
			onError: 'continueRegularOutput',
		});
		const shown = { outputs, run: { error: hints }, logged: [] };
		expect(leaks({ kind: 'execution', ...shown }, echo)).toEqual([]);
		const errors = outputs[0]?.map(({ json }) => json.error as IDataObject) ?? [];
		words.push(...errors.map(({ description }) => description));
	}
	const { secrets, identifiers } = echo;
	record({ kind: 'confidential', secrets: [...secrets], identifiers: [...identifiers] });
	expect(secrets.size).toBeGreaterThan(0);
	expect(words.filter((one) => String(one).includes('•')).length).toBeGreaterThan(refusals / 2);
}

const isOfApplication = (credential: IDataObject) =>
	credential.authorizationGrant === 'clientCredentials';
const places = flows.flatMap(([name, by, at]) => at.map((place) => ({ name, by, place })));

test.each(places)('$name: nothing comes back from $place', async ({ by, place }) => {
	echo.place = place;
	if (by === signedIn) {
		await expectNothingBack(forValues(2), [{}], by, { identifierType: 'signedInPhone' });
	} else if (isOfApplication(by()) && place === '/token') {
		// One token serves all devices of a run.
		await expectNothingBack(forValues(3), devices(1), by);
	} else await expectNothingBack(forValues(6), devices(forValues(6)), by);
});

test.each([
	['networkAccessIdentifier', "o'neil{1}@domain.example"],
	['ipv6Address', '2001:db8:7:8::abcd'],
	['ipv4Address', '80.90.34.77'],
	['phoneNumber', '+34600765432'],
])('no device comes back whole: %s', async (identifierType, identifier) => {
	echo.place = API;
	const parameters = { identifierType, [identifierType]: identifier, port: 16_790 };
	await expectNothingBack(forValues(2), [{}], camara('accessToken'), parameters);
	expect(echo.identifiers.size).toBeGreaterThan(0);
});

test('what an earlier run sent for its token does not come back to a later one', async () => {
	const items = devices(1);
	echo.remembers = true;
	await runNode(items, { credential: camara('ciba')(), credentialId: 'one' });
	echo.place = API;
	await expectNothingBack(forValues(5), items, camara('ciba'));
	expect(operator.received.filter(({ path }) => path === '/token')).toHaveLength(1);
	expect([...echo.secrets]).toEqual(expect.arrayContaining([SECRET, 'leopoldina']));
});

test('the credential’s test shows nothing that it sent', async () => {
	for (const [, by, at] of flows.slice(0, -1)) {
		for (const place of at) {
			echo.place = place;
			for (let turn = 0; turn < 3; turn++) {
				const result = await openGatewayApiTest.call(new CredentialTestContext(), {
					id: '1',
					name: 'Operator',
					type: 'openGatewayApi',
					data: by(),
				});
				record({ kind: 'credentialTest', result });
				expect(leaks({ kind: 'credentialTest', result }, echo)).toEqual([]);
			}
		}
	}
	expect(echo.secrets.size).toBeGreaterThan(10);
});
