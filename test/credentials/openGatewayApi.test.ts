import { generateKeyPairSync } from 'node:crypto';
import { NodeHelpers, type IDataObject, type INodeProperties } from 'n8n-workflow';
import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';
import { OpenGatewayOAuth2Api } from '../../credentials/OpenGatewayOAuth2Api.credentials';
import { parseApplication } from '../../nodes/OpenGateway/credential/application';
import { operators, type Operator } from '../../nodes/OpenGateway/operators';
import { combinations, type Combination } from '../support/combinations';
import { asItOpens } from '../support/credential';
import { refusal, refusedWith } from '../support/refusal';

/** The fields that n8n shows for these values, by its own rules. */
function shown(values: IDataObject): INodeProperties[] {
	return new OpenGatewayApi().properties.filter(
		(field) =>
			field.type !== 'hidden' && NodeHelpers.displayParameter(values as never, field, null, null),
	);
}
const namesShown = (values: IDataObject) => shown(values).map(({ name }) => name);

/** The credential as it opens, but for the choices and `changes`. */
const chosen = (
	{ operator, authorizationGrant, clientAuthentication = 'clientSecretBasic' }: Combination,
	changes = {},
) => asItOpens({ operator, authorizationGrant, clientAuthentication, ...changes });

const secret = ['clientId', 'clientSecret'];
const key = ['clientId', 'privateKey', 'keyId', 'signingAlgorithm'];
const scope = ['purpose', 'scope'];
const byMethod = (fields: string[]) => ['clientAuthentication', ...fields, ...scope];
const telefonica = ['operator', 'baseUrl', 'authorizationGrant'];
const camara = [...telefonica, 'discoveryUrl'];
const BACKCHANNEL = 'backchannelAuthorizationUrl';

/** The fields of the form for each combination, in their order. */
const forms: Record<string, string[]> = {
	'telefonica ciba clientSecretBasic': ['notice', ...telefonica, ...byMethod(secret)],
	'telefonica ciba privateKeyJwt': [...telefonica, ...byMethod(key)],
	'telefonica jwtBearer': [...telefonica, ...key, ...scope],
	'telefonica authorizationCode clientSecretBasic': [
		...['notice', 'redirectUriNotice'],
		...telefonica,
		...byMethod(secret),
	],
	'telefonica authorizationCode privateKeyJwt': [
		'redirectUriNotice',
		...telefonica,
		...byMethod(key),
	],
	'telefonica accessToken': [...telefonica, 'accessToken'],
	'nokia apiKey': ['operator', 'baseUrl', 'apiKey'],
	'camara jwtBearer': [...camara, 'tokenUrl', ...key, ...scope],
	'camara accessToken': [...telefonica, 'accessToken'],
	...Object.fromEntries(
		Object.entries({
			ciba: [...camara, BACKCHANNEL, 'tokenUrl'],
			authorizationCode: ['redirectUriNotice', ...camara, 'authorizationUrl', 'tokenUrl'],
			clientCredentials: [...camara, 'tokenUrl'],
		}).flatMap(([authorizationGrant, first]) =>
			Object.entries({
				clientSecretBasic: secret,
				clientSecretPost: secret,
				privateKeyJwt: key,
			}).map(([method, fields]) => [
				`camara ${authorizationGrant} ${method}`,
				[...first, ...byMethod(fields)],
			]),
		),
	),
};

test.each(combinations)(
	'the form for $name has exactly the fields that it needs',
	(combination) => {
		expect(namesShown(chosen(combination))).toEqual(forms[combination.name]);
	},
);

test.each(combinations)(
	'the form for $name has no endpoint if they are discovered, and no purpose beside a scope',
	(combination) => {
		const discoveryUrl = 'https://api.example.com';
		const hidden = [BACKCHANNEL, 'authorizationUrl', 'tokenUrl', 'purpose'];
		expect(namesShown(chosen(combination, { discoveryUrl, scope: 'openid' }))).toEqual(
			forms[combination.name]?.filter((name) => !hidden.includes(name)),
		);
	},
);

/** A valid value for each field that is empty at first. */
const entered: IDataObject = {
	baseUrl: 'https://api.example.com/base',
	clientId: 'made-up-client-id',
	clientSecret: 'made-up-secret',
	backchannelAuthorizationUrl: 'https://login.example.com/bc-authorize',
	authorizationUrl: 'https://login.example.com/authorize',
	tokenUrl: 'https://login.example.com/token',
	privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
		.privateKey.export({ format: 'pem', type: 'pkcs8' })
		.toString(),
	signingAlgorithm: 'ES256',
	accessToken: 'made-up-access-token',
	apiKey: 'made-up-api-key',
};

test.each(combinations)('no field beside those of the form for $name is read', (combination) => {
	const filledIn = chosen(combination, entered);
	const names = namesShown(filledIn);
	const invalid = Object.fromEntries(
		Object.entries(filledIn).map(([name, value]) => [name, names.includes(name) ? value : {}]),
	);
	expect(() => parseApplication(invalid)).not.toThrow();
});

test.each(combinations)(
	'in the form for $name, the required fields are those that cannot be left empty',
	(combination) => {
		const mock = mockFor(combination);
		const ofMock = mock && { clientId: '', clientSecret: '' };
		const filledIn = chosen(combination, { ...entered, ...ofMock });
		for (const { name, displayName, type, required, placeholder } of shown(filledIn)) {
			if (type !== 'string') continue;
			const parse = () => parseApplication({ ...filledIn, [name]: '' });
			if (required) {
				const words = new RegExp(`^'${displayName}' `);
				expect(refusal(parse)).toEqual(refusedWith('INVALID_CREDENTIAL', words));
			} else expect(parse).not.toThrow();
			if (secret.includes(name)) expect(placeholder).toBe(mock?.[name as keyof typeof mock]);
		}
	},
);

/** The mock application, if the combination is for one and its operator has one. */
function mockFor({ operator, clientAuthentication }: Combination): Operator['mock'] {
	const { mock }: Operator = operators[operator];
	return clientAuthentication?.startsWith('clientSecret') ? mock : undefined;
}

test.each(Object.keys(operators))('the example of a scope is the one for %s', (operator) => {
	const opened = asItOpens({ operator });
	const field = shown(opened).find(({ name }) => name === 'scope');
	const application = parseApplication({ ...opened, ...entered });
	const needed = application.scope(application.operator.apis.roamingStatus!);
	expect(field?.placeholder).toBe(needed === '' ? undefined : `e.g. ${needed}`);
});

test.each([OpenGatewayApi, OpenGatewayOAuth2Api])(
	'n8n restores nothing that was cleared or changed back to its default: %p',
	(Credential) => {
		// n8n's DCR_MANAGED_CREDENTIAL_FIELDS. n8n restores one that is absent when the credential is
		// saved, if the first property of that name was not displayed.
		const restored = [
			...['authUrl', 'accessTokenUrl', 'grantType', 'authentication', 'usePkce'],
			...['clientId', 'clientSecret'],
		];
		const { properties } = new Credential();
		const entered = properties.filter(({ type }) => type !== 'hidden').map(({ name }) => name);
		for (const name of restored.filter((name) => entered.includes(name))) {
			expect(properties.find((property) => property.name === name)).not.toHaveProperty(
				'displayOptions',
			);
		}
	},
);

/** The choices of a field, if the form shows it. */
const choicesOf = (name: string, values: IDataObject) =>
	shown(asItOpens(values))
		.find((field) => field.name === name)
		?.options?.map((option) => ('value' in option ? option.value : undefined)) ?? [undefined];

test('the form offers exactly the combinations that the operators document', () => {
	const offered = choicesOf('operator', {}).flatMap((operator) =>
		choicesOf('authorizationGrant', { operator }).flatMap((authorizationGrant) =>
			choicesOf('clientAuthentication', { operator, authorizationGrant }).map((method) =>
				// The form does not ask for the only grant of an operator.
				[operator, authorizationGrant ?? 'apiKey', method].filter(Boolean).join(' '),
			),
		),
	);
	expect(offered.sort()).toEqual(combinations.map(({ name }) => name).sort());
});

test('secrets are masked in the form, and nothing else is', () => {
	const masked = new OpenGatewayApi().properties
		.filter(({ typeOptions }) => typeOptions?.password)
		.map(({ name }) => name);
	expect(new Set(masked)).toEqual(new Set(['accessToken', 'apiKey', 'clientSecret', 'privateKey']));
});
