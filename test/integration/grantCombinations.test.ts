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
	grantType: keyof typeof grantTypes;
	clientAuthentication?: keyof typeof clientAuthentications;
	signingAlgorithm?: keyof typeof signingAlgorithms;
}

const names = <Name extends string>(table: Record<Name, unknown>) => Object.keys(table) as Name[];

/** Every combination of the fields, whether it exists or not. */
const all: Combination[] = names(operators).flatMap((operator) =>
	names(grantTypes).flatMap((grantType): Combination[] => {
		if (grantType === 'jwtBearer') return signed({ operator, grantType });
		if (!('forClient' in grantTypes[grantType].create)) return [{ operator, grantType }];
		return names(clientAuthentications).flatMap((clientAuthentication) => {
			const combination = { operator, grantType, clientAuthentication };
			return clientAuthentication === 'privateKeyJwt' ? signed(combination) : [combination];
		});
	}),
);

function signed(combination: Combination): Combination[] {
	return names(signingAlgorithms).map((signingAlgorithm) => ({ ...combination, signingAlgorithm }));
}

function exists(one: Combination): boolean {
	return combinations.some(
		({ operator, grantType, clientAuthentication }) =>
			operator === one.operator &&
			grantType === one.grantType &&
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
	const { operator, grantType, clientAuthentication, signingAlgorithm } = combination;
	const { baseUrl, camaraUrl, nokiaUrl } = sandbox;
	const { roaming, secretPost, privateKey, jwtBearer } = await sandbox.applications();
	const application =
		grantType === 'jwtBearer'
			? jwtBearer
			: clientAuthentication === 'privateKeyJwt'
				? privateKey
				: clientAuthentication === 'clientSecretPost'
					? secretPost
					: roaming;
	const kid = signingAlgorithm === 'ES256' ? 'ec' : 'rsa';
	return openGatewayApi({
		...combination,
		baseUrl: { telefonica: baseUrl, camara: camaraUrl, nokia: nokiaUrl }[operator],
		discoveryUrl: `${camaraUrl}/.well-known/openid-configuration`,
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
		combination.grantType === 'authorizationCode'
			? { identifierType: 'authorizationCallback', callbackQuery }
			: { phoneNumber };
	const variables = combination.grantType === 'authorizationCode' ? await signedIn(credential) : {};
	const { outputs, error } = await runNode([{}], { credential, parameters, variables });
	if (error) throw new Error(`${error.message} ${error.description ?? ''}`);
	return outputs[0]?.[0]?.json ?? {};
}

/** Read from `$vars`, so that no execution data holds an authorization code. */
const callbackQuery = '={{ $vars }}';

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
	// With CAMARA's frontend flow, the operator alone knows which device it is.
	const unnamed =
		combination.grantType === 'authorizationCode' && combination.operator === 'camara';
	expect(answer.device).toEqual(unnamed ? null : { phoneNumber });
	expect(answer.lastStatusTime === null).toBe(combination.operator === 'telefonica');
	answered.add(name);
});

// The form shows Nokia's API Key alone, and no choice.
const impossible = all.filter((one) => !exists(one) && one.operator !== 'nokia');
test.each(rows(impossible))('cannot be configured: %s', async (_name, combination) => {
	const credential = await credentialOf(combination);
	const { error } = await runNode([{}], { credential, parameters: { phoneNumber } });

	expect(error?.message).toMatch(/Grant Type|Client Authentication/);
	expect(await sandbox.exchanges()).toEqual([]);
});

test('cannot be configured: anything but its API Key with Nokia, whatever the credential holds', async () => {
	const credential = await credentialOf({ operator: 'nokia', grantType: 'ciba' });
	await runNode([{}], { credential, parameters: { phoneNumber } });

	expect(await sandbox.exchanges()).toMatchObject([
		{ status: 200, path: expect.stringMatching(/retrieve$/) as string },
	]);
});

afterAll(() => console.log(matrix()));

/** Which combination exists, and whether it answered: for CI to print. */
function matrix(): string {
	const cell = (operator: string, way: string) => {
		const ofCell = existing.map(nameOf).filter((name) => name === `${operator} × ${way}`);
		if (ofCell.length === 0) return '–';
		return ofCell.every((name) => answered.has(name)) ? 'answers' : 'did not';
	};
	const ways = [...new Set(all.map((one) => nameOf(one).split(' × ').slice(1).join(' × ')))];
	const width = Math.max(...ways.map(({ length }) => length));
	return [
		['', ...names(operators)],
		...ways.map((way) => [way, ...names(operators).map((operator) => cell(operator, way))]),
	]
		.map(([way = '', ...cells]) => [way.padEnd(width), ...cells.map((text) => text.padEnd(10))])
		.map((row) => row.join('  ').trimEnd())
		.join('\n');
}
