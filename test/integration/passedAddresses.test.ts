import { generateKeyPairSync } from 'node:crypto';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { startScriptedOperator, type ScriptedOperator } from '../support/scriptedOperator';

/**
 * An address passes from subscriber to subscriber: Alice has it first, and Bob has it 20 minutes
 * later. The operator lets its tokens live for a day.
 */
const MINUTE = 60_000;
const ANSWERS = {
	Alice: { roaming: true, countryCode: 208, countryName: ['FR'] },
	Bob: { roaming: false },
} as const;

let operator: ScriptedOperator;
let holder: keyof typeof ANSWERS;

beforeEach(async () => {
	holder = 'Alice';
	operator = await startScriptedOperator(({ path, headers, body }) => {
		if (path.endsWith('/bc-authorize')) return { body: { auth_req_id: `request-of-${holder}` } };
		if (path.endsWith('/token')) {
			const [, whose = 'anybody'] = /request-of-(\w+)/.exec(body) ?? [];
			return { body: { access_token: `of-${whose}`, token_type: 'Bearer', expires_in: 86_400 } };
		}
		// A token of one subscriber speaks for that subscriber, whoever holds the address now.
		const [, whose = ''] = /of-(\w+)/.exec(headers.authorization ?? '') ?? [];
		return { body: ANSWERS[whose === 'Alice' || whose === 'Bob' ? whose : holder] };
	});
});
afterEach(async () => {
	jest.restoreAllMocks();
	await operator.close();
});

const camara = (changes: IDataObject) => () =>
	openGatewayApi({
		operator: 'camara',
		baseUrl: operator.baseUrl,
		backchannelAuthorizationUrl: `${operator.baseUrl}/bc-authorize`,
		tokenUrl: `${operator.baseUrl}/token`,
		clientAuthentication: 'clientSecretBasic',
		...changes,
	});

const ipv4 = { identifierType: 'ipv4Address', ipv4Address: '80.90.34.1' };
const devices: Record<string, IDataObject> = {
	'an IPv4 address': ipv4,
	'an IPv4 address and a port': { ...ipv4, port: 16_790 },
	'an IPv6 address': { identifierType: 'ipv6Address', ipv6Address: '2001:db8::1' },
};

const credentials: Record<string, () => ICredentialDataDecryptedObject> = {
	'CAMARA by CIBA': camara({ authorizationGrant: 'ciba' }),
	'Telefónica by CIBA': () => openGatewayApi({ baseUrl: operator.baseUrl }),
	'CAMARA by client credentials': camara({ authorizationGrant: 'clientCredentials' }),
	'CAMARA by an access token': camara({
		authorizationGrant: 'accessToken',
		accessToken: 'made-up-token',
	}),
	'Nokia by an API key': camara({ operator: 'nokia', apiKey: 'made-up-key' }),
};

/** What the node says about the device, some minutes from now. */
async function roamingAfter(
	minutes: number,
	credential: ICredentialDataDecryptedObject,
	device: IDataObject,
): Promise<IDataObject | undefined> {
	const now = Date.now();
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + minutes * MINUTE);
	const { outputs } = await runNode([device], {
		credential,
		credentialId: 'shared by both runs',
		parameters: Object.fromEntries(
			Object.keys(device).map((name) => [
				name,
				name === 'identifierType' ? String(device[name]) : `={{ $json.${name} }}`,
			]),
		),
		onError: 'continueRegularOutput',
	});
	clock.mockRestore();
	return outputs[0]?.[0]?.json;
}

describe.each(Object.entries(credentials))('%s', (by, credential) => {
	// Without a token for one subscriber, operators of CAMARA need a port beside an IPv4 address.
	const named = Object.entries(devices).filter(([, device]) => device !== ipv4 || /CIBA/.test(by));
	test.each(named)(
		'Bob gets his own answer behind %s that was Alice’s 20 minutes before',
		async (_what, device) => {
			expect(await roamingAfter(0, credential(), device)).toMatchObject({ roaming: true });
			holder = 'Bob';
			expect(await roamingAfter(20, credential(), device)).toMatchObject({ roaming: false });
		},
	);
});

test('JWT Bearer names no subscriber by an address, so it is refused', async () => {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const credential = camara({
		authorizationGrant: 'jwtBearer',
		signingAlgorithm: 'ES256',
		privateKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
	});
	for (const device of Object.values(devices)) {
		expect(await roamingAfter(0, credential(), device)).toMatchObject({
			error: { code: 'UNSUPPORTED_DEVICE' },
		});
	}
	expect(operator.received).toEqual([]);
});

test('a number stays with its subscriber, whose token is used for an hour at most', async () => {
	const credential = camara({ authorizationGrant: 'ciba' });
	const phone = { phoneNumber: '+34600000001' };
	const tokensAfter = async (minutes: number) => {
		await roamingAfter(minutes, credential(), phone);
		return operator.received.filter(({ path }) => path === '/token').length;
	};

	expect(await tokensAfter(0)).toBe(1);
	expect(await tokensAfter(59)).toBe(1);
	expect(await tokensAfter(61)).toBe(2);
});
