import { createPrivateKey, createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { IDataObject } from 'n8n-workflow';
import type { Exchange } from '../../../sandbox/exchanges';
import { openGatewayApi } from '../../support/credential';
import { runNode } from '../../support/engine';
import { sandboxForSuite } from '../../support/suite';

const sandbox = sandboxForSuite();

type Kid = 'rsa' | 'ec';

async function keyOf(application: 'privateKey' | 'jwtBearer', kid: Kid): Promise<string> {
	return (await sandbox.applications())[application]!.privateKeys![kid];
}

async function credentialOf(
	application: 'privateKey' | 'jwtBearer',
	kid: Kid,
	changes: IDataObject = {},
) {
	return openGatewayApi({
		baseUrl: sandbox.baseUrl,
		grantType: application === 'jwtBearer' ? 'jwtBearer' : 'ciba',
		clientAuthentication: 'privateKeyJwt',
		clientId: (await sandbox.applications())[application]!.clientId,
		privateKey: await keyOf(application, kid),
		keyId: kid,
		signingAlgorithm: kid === 'ec' ? 'ES256' : 'RS256',
		...changes,
	});
}

const formOf = ({ body }: Exchange) => new URLSearchParams(body);

/** Verifies as CAMARA's profile requires of a server; `aud` must be the URL that was called. */
async function verified(jwt: string, { path }: Exchange, publicPem: string) {
	const { payload, protectedHeader } = await jwtVerify(
		jwt,
		createPublicKey(createPrivateKey(publicPem)),
		{
			audience: new URL(path, sandbox.baseUrl).href,
			requiredClaims: ['iss', 'sub', 'aud', 'iat', 'exp', 'jti'],
			maxTokenAge: 300,
		},
	);
	expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(300);
	expect(payload.iat!).toBeLessThanOrEqual(Date.now() / 1000);
	return { payload, protectedHeader };
}

test.each([
	// Each device takes two of these.
	{ what: 'client assertions', application: 'privateKey', field: 'client_assertion', devices: 500 },
	{ what: 'assertions of JWT Bearer', application: 'jwtBearer', field: 'assertion', devices: 1000 },
] as const)(
	'1,000 $what: each for the URL that was called, none used twice',
	async ({ application, field, devices }) => {
		const items = Array.from({ length: devices }, (_, number) => ({
			phoneNumber: `+34600${String(number).padStart(3, '0')}001`,
		}));
		const { outputs } = await runNode(items, {
			credential: await credentialOf(application, 'ec'),
			parameters: { phoneNumber: '={{ $json.phoneNumber }}' },
		});
		expect(outputs[0]?.filter(({ json }) => json.roaming === true)).toHaveLength(devices);

		const signed = (await sandbox.exchanges()).filter((one) => formOf(one).has(field));
		const pem = await keyOf(application, 'ec');
		const ids = new Set<unknown>();
		for (const exchange of signed) {
			const jwt = String(formOf(exchange).get(field));
			const { payload, protectedHeader } = await verified(jwt, exchange, pem);
			if (application === 'privateKey') expect(payload.sub).toBe(payload.iss);
			expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT', kid: 'ec' });
			ids.add(payload.jti);
		}
		expect(signed).toHaveLength(1000);
		expect(ids.size).toBe(1000);
	},
	120_000,
);

const pemOf = (pem: string, type: 'pkcs8' | 'pkcs1' | 'sec1') =>
	String(createPrivateKey(pem).export({ type, format: 'pem' }));

const keys: [algorithm: string, kid: Kid, type: 'pkcs8' | 'pkcs1' | 'sec1'][] = [
	['RS256', 'rsa', 'pkcs8'],
	['RS256', 'rsa', 'pkcs1'],
	['PS256', 'rsa', 'pkcs8'],
	['PS256', 'rsa', 'pkcs1'],
	['ES256', 'ec', 'pkcs8'],
	['ES256', 'ec', 'sec1'],
];
const forms: [pasted: string, paste: (pem: string) => string][] = [
	['as it is', (pem) => pem],
	['on one line', (pem) => pem.replace(/\n/g, '')],
	['with spaces for its line breaks', (pem) => pem.replace(/\n/g, ' ')],
	['with \\n for its line breaks', (pem) => pem.replace(/\n/g, String.raw`\n`)],
];

describe.each(['privateKey', 'jwtBearer'] as const)('the application %s', (application) => {
	test.each(keys.flatMap((key) => forms.map((form) => [...key, ...form] as const)))(
		'is authenticated with %s and its %s key as %s, pasted %s',
		async (signingAlgorithm, kid, type, _pasted, paste) => {
			const privateKey = paste(pemOf(await keyOf(application, kid), type));
			const { outputs, error } = await runNode([{}], {
				credential: await credentialOf(application, kid, { privateKey, signingAlgorithm }),
				parameters: { phoneNumber: '+34600000001' },
			});
			expect(error?.description).toBeUndefined();
			expect(outputs[0]?.[0]?.json).toMatchObject({ roaming: true, country: 'DE' });
		},
	);
});

test('the assertion of JWT Bearer names the subscriber and the scope, and nothing authenticates beside it', async () => {
	await runNode([{ phoneNumber: '+34600000001' }, { phoneNumber: '+34600000002' }], {
		credential: await credentialOf('jwtBearer', 'rsa', { signingAlgorithm: 'PS256' }),
		parameters: { phoneNumber: '={{ $json.phoneNumber }}' },
	});

	const requests = (await sandbox.exchanges()).filter(({ path }) => path.endsWith('/token'));
	const pem = await keyOf('jwtBearer', 'rsa');
	const claims = await Promise.all(
		requests.map(async (exchange) => {
			expect([...formOf(exchange).keys()]).toEqual(['grant_type', 'assertion']);
			expect(exchange.headers.authorization).toBeUndefined();
			return (await verified(String(formOf(exchange).get('assertion')), exchange, pem)).payload;
		}),
	);
	expect(claims).toMatchObject(
		['+34600000001', '+34600000002'].map((number) => ({
			iss: 'mock_jwt_bearer_app_id',
			sub: `tel:${number}`,
			scope: 'dpv:FraudPreventionAndDetection#device-status-roaming-read',
		})),
	);
	expect(new Set(claims.map(({ jti }) => jti)).size).toBe(2);
});
