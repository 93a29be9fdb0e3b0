import type { Page } from 'playwright-core';
import type { CredentialReference } from '../../localN8n/n8nApi';
import {
	clientAuthentications,
	grantTypes,
	signingAlgorithms,
	type ClientAuthenticationName,
	type GrantTypeName,
} from '../../nodes/OpenGateway/authorization';
import { purposes } from '../../nodes/OpenGateway/authorization/purpose';
import { operators, withChoice, type Operator } from '../../nodes/OpenGateway/operators';
import type { Credentials } from '../../sandbox/applications';
import { authorizationBaseUrlAt, operators as sandboxOperators } from '../../sandbox/operators';
import { pageForSuite } from '../support/browser';
import { authenticationField } from '../support/combinations';
import { choose, chosenIn, credentialForm, fillIn, signIn } from '../support/editor';
import { n8nForSuite } from '../support/realN8n';
import { sandboxForSuite } from '../support/suite';

jest.setTimeout(180_000);

const sandbox = sandboxForSuite();
const n8n = n8nForSuite();
const inTheEditor = pageForSuite();

/** The choices of the form, each with its default. */
const DEFAULTS = {
	authorizationGrant: 'ciba' as GrantTypeName,
	clientAuthentication: 'clientSecretBasic' as ClientAuthenticationName,
	camaraClientAuthentication: 'privateKeyJwt' as ClientAuthenticationName,
	signingAlgorithm: 'RS256',
	purpose: 'FraudPreventionAndDetection',
};
/** Those that all operators have, and the one of the operator itself. */
type Choices = typeof DEFAULTS & { readonly [ofOperator: string]: string };

/** What the form shows for each value. */
const DISPLAY_NAMES: Record<string, Record<string, string>> = {
	authorizationGrant: displayNamesOf(grantTypes),
	clientAuthentication: displayNamesOf(clientAuthentications),
	camaraClientAuthentication: displayNamesOf(clientAuthentications),
	signingAlgorithm: displayNamesOf(signingAlgorithms),
	purpose: Object.fromEntries(purposes.map(({ value, name }) => [value, name])),
	...Object.fromEntries(
		Object.values<Operator>(operators).flatMap(({ choice }) =>
			choice ? [[choice.field, displayNamesOf(choice.values)] as const] : [],
		),
	),
};

interface Change {
	readonly operator: OperatorName;
	readonly choice: string;
	readonly other: string;
	/** What is chosen beside it, so that the form shows the choice. */
	readonly beside: Readonly<Record<string, string>>;
}

type OperatorName = keyof typeof operators;

const changes = (Object.keys(operators) as OperatorName[]).flatMap((operator): Change[] => {
	const { choice: own, grants, signingAlgorithms }: Operator = operators[operator];
	const change = (choice: string, other: string, beside: Change['beside'] = {}): Change => ({
		...{ operator, choice, other, beside },
	});
	const othersThan = (value: string) => (other: string) => other !== value;
	const ofOperator = own
		? Object.keys(own.values)
				.filter(othersThan(own.default))
				.map((other) => change(own.field, other))
		: [];
	const field = authenticationField(operator);
	const methods = grants.ciba;
	if (!methods) return ofOperator; // such as Nokia's API key alone, with which nothing else is asked
	return [
		...ofOperator,
		...Object.keys(grants)
			.filter(othersThan(DEFAULTS.authorizationGrant))
			.map((other) => change('authorizationGrant', other)),
		...methods.filter(othersThan(DEFAULTS[field])).map((other) => change(field, other)),
		...(signingAlgorithms
			? []
			: [change('signingAlgorithm', 'PS256', { [field]: 'privateKeyJwt' })]),
		change('purpose', 'IdentityVerification'),
	];
});

inTheEditor('a person signs in to the editor, for the tests below', async (page) => {
	await signIn(page, n8n);
});

describe.each(changes)('$operator: $choice', ({ operator, choice, other, beside }) => {
	const { choice: own }: Operator = operators[operator];
	const first: Choices = { ...DEFAULTS, ...(own && { [own.field]: own.default }), ...beside };
	const changed: Choices = { ...first, [choice]: other };

	inTheEditor(`runs with ${other}, and with its default again, as the form shows`, async (page) => {
		const credential = await n8n.api.saveCredential({
			name: `${choice} ${other} at ${operator}`,
			type: 'openGatewayApi',
			data: { operator, ...beside, ...(await entered(operator, first)) },
		});
		for (const choices of [changed, first]) {
			await openCredential(page, credential);
			await choose(page, choice, DISPLAY_NAMES[choice]?.[choices[choice] ?? ''] ?? '');
			await fillIn(page, await entered(operator, choices));
			await save(page, credential);

			await openCredential(page, credential);
			expect(await chosenIn(page, choice)).toBe(DISPLAY_NAMES[choice]?.[choices[choice] ?? '']);
			expect(await run(credential, operator, choices)).toEqual(await expected(operator, choices));
		}
	});
});

inTheEditor(
	'a Client ID that was cleared stays empty, whatever was stored unseen',
	async (page) => {
		const credential = await n8n.api.saveCredential({
			name: 'Cleared',
			type: 'openGatewayApi',
			data: {
				...{ operator: 'nokia', apiKey: 'made-up', baseUrl: sandbox.baseUrls.telefonica },
				...{ clientId: 'stored-unseen', clientSecret: 'stored-unseen' },
			},
		});
		await openCredential(page, credential);
		await choose(page, 'operator', operators.telefonica.displayName);
		await fillIn(page, { clientId: '', clientSecret: '' });
		await save(page, credential);

		expect(await run(credential, 'telefonica', DEFAULTS)).toEqual(
			await expected('telefonica', DEFAULTS),
		);
	},
);

/** The text fields for these choices, as the sandbox has the applications. */
async function entered(operator: OperatorName, choices: Choices): Promise<Record<string, string>> {
	const { authorizationGrant } = choices;
	const clientAuthentication = choices[authenticationField(operator)];
	const { roaming, secretPost, privateKey, jwtBearer } = await sandbox.applications();
	const name = choices['orangeEnvironment'] === 'lab' ? 'orangeLab' : operator;
	const baseUrl = sandbox.baseUrls[name];
	const { endpoints }: Operator = operators[operator];
	const application: Credentials =
		authorizationGrant === 'jwtBearer'
			? jwtBearer
			: { clientSecretBasic: roaming, clientSecretPost: secretPost, privateKeyJwt: privateKey }[
					clientAuthentication
				];
	const fields = {
		baseUrl,
		authorizationBaseUrl: authorizationBaseUrlAt(sandbox.origin, name),
		discoveryUrl: endpoints ? '' : `${baseUrl}/.well-known/openid-configuration`,
		clientId: application.clientId,
		clientSecret: application.clientSecret ?? '',
		privateKey: application.privateKeys?.rsa ?? '',
		keyId: application.privateKeys ? 'rsa' : '',
		accessToken: sandboxOperators[name].authorization?.fixedToken ?? '',
		apiKey: sandboxOperators[name].credential?.['API Key'] ?? '',
	};
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

async function openCredential(page: Page, { id }: CredentialReference): Promise<void> {
	await page.goto(`${n8n.url}/home/credentials/${id}`);
	await credentialForm(page).getByTestId('parameter-input-operator').waitFor();
}

async function save(page: Page, { id }: CredentialReference): Promise<void> {
	const saved = page.waitForResponse(
		(response) =>
			response.request().method() === 'PATCH' && response.url().endsWith(`/credentials/${id}`),
	);
	await credentialForm(page).getByTestId('credential-save-button').click();
	expect((await saved).status()).toBe(200);
}

interface Used {
	/** Of the API. */
	readonly path?: string;
	readonly grant: string;
	readonly client?: string;
	readonly algorithm?: string;
	readonly purpose?: string;
}

/** With what a run of the node got its access, as the operator saw it. */
async function run(
	credential: CredentialReference,
	operator: OperatorName,
	{ authorizationGrant }: Choices,
): Promise<Used> {
	await sandbox.forget();
	const isFrontend = authorizationGrant === 'authorizationCode' && operator !== 'nokia';
	const phone = { identifierType: 'phoneNumber', phoneNumber: '+34600000001' };
	const workflowId = await n8n.api.saveWorkflow({
		name: 'Asks once',
		nodes: [
			{
				...{ id: '1', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
				...{ position: [0, 0], parameters: {} },
			},
			{
				...{ id: '2', name: 'Ask', type: 'n8n-nodes-open-gateway.openGatewayDeviceStatus' },
				...{ typeVersion: 1, position: [200, 0], credentials: { openGatewayApi: credential } },
				parameters: isFrontend
					? {
							...{ resource: 'authorization', operation: 'createUrl', ...phone },
							redirectUri: 'http://127.0.0.1:5678/webhook/roaming-back',
						}
					: phone,
			},
		],
		connections: { Start: { main: [[{ node: 'Ask', type: 'main', index: 0 }]] } },
	});
	const execution = await n8n.api.finishedExecution(await n8n.api.run(workflowId, 'Start'));
	expect(execution.error).toBeUndefined();
	if (isFrontend) {
		const { searchParams } = new URL(String(execution.itemsOf('Ask')[0]?.['url']));
		return {
			grant: searchParams.get('response_type') ?? '',
			purpose: purposeIn(searchParams.get('scope') ?? ''),
		};
	}
	const exchanges = await sandbox.exchanges();
	const requests = exchanges.filter(({ path }) => /\/(token|bc-authorize)$/.test(path));
	const form = Object.assign(
		{},
		...requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body))),
	) as Record<string, string>;
	const path = exchanges.at(-1)?.path.replace(/^\/(apigateway|camara|nokia|orange\/\w+)/, '');
	if (!form['grant_type']) {
		return { path, grant: String(exchanges.at(-1)?.headers['authorization'] ?? '') };
	}
	const [header, claims] = partsOf(form['client_assertion'] ?? form['assertion'] ?? '');
	return {
		path,
		grant: form['grant_type'].split(':').at(-1) ?? '',
		client: form['client_assertion']
			? 'privateKeyJwt'
			: form['client_secret']
				? 'clientSecretPost'
				: requests.at(-1)?.headers['authorization']
					? 'clientSecretBasic'
					: undefined,
		algorithm: header?.['alg'],
		purpose: purposeIn(form['scope'] ?? claims?.['scope'] ?? ''),
	};
}

/** With what it must be, for what the form shows. */
async function expected(operator: OperatorName, choices: Choices): Promise<Used> {
	const { signingAlgorithm } = choices;
	const clientAuthentication = choices[authenticationField(operator)];
	const { choice }: Operator = operators[operator];
	const { apis, grants, grantsWithoutScope } = withChoice(
		operators[operator],
		choices[choice?.field ?? ''] ?? '',
	);
	const [only, ...others] = Object.keys(grants) as GrantTypeName[];
	const grant = only && others.length === 0 ? only : choices.authorizationGrant;
	const purpose = grantsWithoutScope?.includes(grant) ? undefined : choices.purpose;
	const path = apis.roamingStatus?.path;
	const client = {
		client: clientAuthentication,
		algorithm: clientAuthentication === 'privateKeyJwt' ? signingAlgorithm : undefined,
	};
	return {
		ciba: { path, grant: 'ciba', ...client, purpose },
		clientCredentials: { path, grant: 'client_credentials', ...client, purpose },
		jwtBearer: {
			path,
			grant: 'jwt-bearer',
			client: undefined,
			algorithm: signingAlgorithm,
			purpose,
		},
		authorizationCode: { grant: 'code', purpose },
		accessToken: { path, grant: `Bearer ${(await entered(operator, choices))['accessToken']}` },
		apiKey: { path, grant: '' },
		applicationJwt: { path, grant: '' },
	}[grant];
}

function purposeIn(scope: string): string | undefined {
	return /dpv:(\w+)/.exec(scope)?.[1];
}

/** Header and claims of a JWT; none of what is no JWT. */
function partsOf(jwt: string): Record<string, string>[] {
	return jwt
		.split('.')
		.slice(0, -1)
		.map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, string>);
}

function displayNamesOf(table: Record<string, { displayName: string }>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(table).map(([value, { displayName }]) => [value, displayName]),
	);
}
