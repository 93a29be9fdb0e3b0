import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import {
	clientAuthentications,
	grantTypes,
	signingAlgorithms,
} from '../../nodes/OpenGateway/authorization';
import { operators } from '../../nodes/OpenGateway/operators';
import { combinations } from '../support/combinations';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { phoneThatAllows } from '../support/phone';
import { sandboxForSuite } from '../support/suite';

const sandbox = sandboxForSuite();

interface Combination {
	operator: keyof typeof operators;
	authorizationGrant: keyof typeof grantTypes;
	clientAuthentication?: keyof typeof clientAuthentications;
	signingAlgorithm?: keyof typeof signingAlgorithms;
}

const names = <Name extends string>(table: Record<Name, unknown>) => Object.keys(table) as Name[];

/** Every combination of the fields, whether it exists or not. */
const all: Combination[] = names(operators).flatMap((operator) =>
	names(grantTypes).flatMap((authorizationGrant): Combination[] => {
		if (authorizationGrant === 'jwtBearer') return signed({ operator, authorizationGrant });
		if (!('forClient' in grantTypes[authorizationGrant].create))
			return [{ operator, authorizationGrant }];
		return names(clientAuthentications).flatMap((clientAuthentication) => {
			const combination = { operator, authorizationGrant, clientAuthentication };
			return clientAuthentication === 'privateKeyJwt' ? signed(combination) : [combination];
		});
	}),
);

function signed(combination: Combination): Combination[] {
	return names(signingAlgorithms).map((signingAlgorithm) => ({ ...combination, signingAlgorithm }));
}

function exists(one: Combination): boolean {
	return combinations.some(
		({ operator, authorizationGrant, clientAuthentication }) =>
			operator === one.operator &&
			authorizationGrant === one.authorizationGrant &&
			clientAuthentication === one.clientAuthentication,
	);
}

const rows = (combinations: Combination[]) =>
	combinations.map((combination): [string, Combination] => [nameOf(combination), combination]);

function nameOf(combination: Combination): string {
	return Object.values(combination).join(' × ');
}

/** A credential as a person fills it in for the combination. */
async function credentialOf(combination: Combination): Promise<ICredentialDataDecryptedObject> {
	const { operator, authorizationGrant, clientAuthentication, signingAlgorithm } = combination;
	const { baseUrls } = sandbox;
	const { roaming, secretPost, privateKey, jwtBearer } = await sandbox.applications();
	const application =
		authorizationGrant === 'jwtBearer'
			? jwtBearer
			: clientAuthentication === 'privateKeyJwt'
				? privateKey
				: clientAuthentication === 'clientSecretPost'
					? secretPost
					: roaming;
	const kid = signingAlgorithm === 'ES256' ? 'ec' : 'rsa';
	return openGatewayApi({
		...combination,
		baseUrl: baseUrls[operator],
		discoveryUrl: `${baseUrls.camara}/.well-known/openid-configuration`,
		clientId: application?.clientId,
		clientSecret: application?.clientSecret,
		...(signingAlgorithm && { privateKey: application?.privateKeys?.[kid], keyId: kid }),
		accessToken: operator === 'camara' ? 'mock_camara_access_token' : 'mock_sandbox_access_token',
		apiKey: 'mock_nokia_api_key',
	});
}

const phoneNumber = '+34600000001';

/** What the node answers, by whichever flow the combination has. */
async function answerOf(
	combination: Combination,
	credential: ICredentialDataDecryptedObject,
): Promise<IDataObject> {
	const parameters =
		combination.authorizationGrant === 'authorizationCode'
			? { identifierType: 'authorizationCallback', callbackQuery }
			: { phoneNumber };
	const variables =
		combination.authorizationGrant === 'authorizationCode' ? await signedIn(credential) : {};
	const { outputs, error } = await runNode([{}], { credential, parameters, variables });
	if (error) throw new Error(`${error.message} ${error.description ?? ''}`);
	return outputs[0]?.[0]?.json ?? {};
}

/** Read from `$vars`, so that an authorization code stands in no execution data. */
const callbackQuery =
	'={{ ({ code: $vars.code, state: $vars.state, error: $vars.error, error_description: $vars.error_description }) }}';

async function signedIn(credential: ICredentialDataDecryptedObject): Promise<IDataObject> {
	const { outputs } = await runNode([{}], {
		credential,
		parameters: {
			resource: 'authorization',
			operation: 'createUrl',
			redirectUri: 'http://127.0.0.1:5678/webhook/roaming-back',
			identifierType: 'phoneNumber',
			phoneNumber,
		},
	});
	return { ...(await phoneThatAllows(String(outputs[0]?.[0]?.json.url))) };
}

const existing = all.filter(exists);
const answered = new Set<string>();

test.each(rows(existing))('answers with %s', async (name, combination) => {
	const answer = await answerOf(combination, await credentialOf(combination));

	expect(answer).toMatchObject({
		roaming: true,
		countryCode: 262,
		countryName: ['DE'],
		country: 'DE',
	});
	// CAMARA's frontend flow leaves it to the operator to say which line it is.
	const unnamed =
		combination.authorizationGrant === 'authorizationCode' && combination.operator === 'camara';
	expect(answer.device).toEqual(unnamed ? null : { phoneNumber });
	expect(answer.lastStatusTime === null).toBe(combination.operator === 'telefonica');
	answered.add(name);
});

test.each(
	rows(all.filter((combination) => !exists(combination) && combination.operator !== 'nokia')),
)('cannot be configured: %s', async (_name, combination) => {
	const credential = await credentialOf(combination);
	const { error } = await runNode([{}], { credential, parameters: { phoneNumber } });

	expect(error?.message).toMatch(/^The (Grant Type|Client Authentication) is not one of: /);
	expect(await sandbox.exchanges()).toEqual([]);
});

test('cannot be configured: anything but its API Key with Nokia, whose form does not ask', async () => {
	const credential = await credentialOf({ operator: 'nokia', authorizationGrant: 'ciba' });
	await runNode([{}], { credential, parameters: { phoneNumber } });

	const [exchange, ...others] = await sandbox.exchanges();
	expect(exchange).toMatchObject({
		status: 200,
		path: expect.stringMatching(/retrieve$/) as string,
	});
	expect(others).toEqual([]);
});

test('the matrix, in print', () => {
	const rights = new Map(existing.map((one) => [nameOf(one), answered.has(nameOf(one))]));
	const cell = (operator: string, way: string) => {
		const right = [...rights].filter(([name]) => name.startsWith(`${operator} × ${way}`));
		if (right.length === 0) return '–';
		return right.every(([, answers]) => answers) ? 'answers' : 'FAILS';
	};
	const ways = [...new Set(all.map((one) => nameOf(one).split(' × ').slice(1).join(' × ')))];
	const table = [
		['', ...names(operators)],
		...ways.map((way) => [way, ...names(operators).map((operator) => cell(operator, way))]),
	];
	const width = Math.max(...ways.map(({ length }) => length));
	console.log(
		table
			.map(([way = '', ...cells]) => [way.padEnd(width), ...cells.map((text) => text.padEnd(10))])
			.map((row) => row.join('  ').trimEnd())
			.join('\n'),
	);
	expect(answered.size).toBe(existing.length);
});
