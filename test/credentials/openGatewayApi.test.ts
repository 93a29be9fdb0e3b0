import { generateKeyPairSync } from 'node:crypto';
import { NodeHelpers, type IDataObject, type INodeProperties } from 'n8n-workflow';
import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';
import { OpenGatewayOAuth2Api } from '../../credentials/OpenGatewayOAuth2Api.credentials';
import { parseApplication } from '../../nodes/OpenGateway/credential/application';
import { operators, type Operator } from '../../nodes/OpenGateway/operators';
import { combinations, type Combination } from '../support/combinations';
import { asItOpens } from '../support/credential';

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
	{ operator, authorizationGrant, clientAuthentication }: Combination,
	changes = {},
) =>
	asItOpens({
		operator,
		authorizationGrant,
		...(clientAuthentication && { clientAuthentication }),
		...changes,
	});

const values = ({ options = [] }: INodeProperties) =>
	options.map((option) => ('value' in option ? option.value : undefined));

const secret = ['clientId', 'clientSecret'];
const key = ['clientId', 'privateKey', 'keyId', 'signingAlgorithm'];
const scope = ['purpose', 'scope'];
const telefonica = ['operator', 'baseUrl', 'authorizationGrant'];
const camara = [...telefonica, 'discoveryUrl'];
const backchannel = 'backchannelAuthorizationUrl';

/** Exactly what is asked for each combination, in its order. */
const forms: Record<string, string[]> = {
	'telefonica ciba clientSecretBasic': [
		'notice',
		...telefonica,
		'clientAuthentication',
		...secret,
		...scope,
	],
	'telefonica ciba privateKeyJwt': [...telefonica, 'clientAuthentication', ...key, ...scope],
	'telefonica jwtBearer': [...telefonica, ...key, ...scope],
	'telefonica authorizationCode clientSecretBasic': [
		'notice',
		'redirectUriNotice',
		...telefonica,
		'clientAuthentication',
		...secret,
		...scope,
	],
	'telefonica authorizationCode privateKeyJwt': [
		'redirectUriNotice',
		...telefonica,
		'clientAuthentication',
		...key,
		...scope,
	],
	'telefonica accessToken': [...telefonica, 'accessToken'],
	'nokia apiKey': ['operator', 'baseUrl', 'apiKey'],
	'camara jwtBearer': [...camara, 'tokenUrl', ...key, ...scope],
	'camara accessToken': [...telefonica, 'accessToken'],
	...Object.fromEntries(
		Object.entries({
			ciba: { notices: [], endpoints: [backchannel, 'tokenUrl'] },
			authorizationCode: {
				notices: ['redirectUriNotice'],
				endpoints: ['authorizationUrl', 'tokenUrl'],
			},
			clientCredentials: { notices: [], endpoints: ['tokenUrl'] },
		}).flatMap(([authorizationGrant, { notices, endpoints }]) =>
			Object.entries({
				clientSecretBasic: secret,
				clientSecretPost: secret,
				privateKeyJwt: key,
			}).map(([method, fields]) => [
				`camara ${authorizationGrant} ${method}`,
				[...notices, ...camara, ...endpoints, 'clientAuthentication', ...fields, ...scope],
			]),
		),
	),
};

test.each(combinations)('the form for $name asks exactly what it needs', (combination) => {
	expect(namesShown(chosen(combination))).toEqual(forms[combination.name]);
});

const endpointFields = [backchannel, 'authorizationUrl', 'tokenUrl'];

test.each(combinations)(
	'the form for $name asks no endpoint that is discovered, and no purpose beside a scope',
	(combination) => {
		const discoveryUrl = 'https://api.example.com';
		const hidden = [...endpointFields, 'purpose'];
		expect(namesShown(chosen(combination, { discoveryUrl, scope: 'openid' }))).toEqual(
			forms[combination.name]?.filter((name) => !hidden.includes(name)),
		);
	},
);

/** Something that can be right for each field that is empty at first. */
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

test.each(combinations)('what the form for $name asks is enough', (combination) => {
	const filledIn = chosen(combination, entered);
	const names = namesShown(filledIn);
	const alone = Object.fromEntries(
		Object.entries(filledIn).filter(([name]) => names.includes(name)),
	);

	expect(() => parseApplication(alone)).not.toThrow();
});

test.each(combinations)('what the form for $name does not ask is not read', (combination) => {
	const filledIn = chosen(combination, entered);
	const names = namesShown(filledIn);
	const rubbish = Object.fromEntries(
		Object.entries(filledIn).map(([name, value]) => [name, names.includes(name) ? value : {}]),
	);

	expect(() => parseApplication(rubbish)).not.toThrow();
});

test.each(combinations)('what the form for $name requires cannot be left empty', (combination) => {
	const filledIn = chosen(combination, entered);
	const required = shown(filledIn).filter((field) => field.required);

	if (!mayBeMock(combination)) expect(required.length).toBeGreaterThan(0);
	for (const { name, displayName } of required) {
		expect(() => parseApplication({ ...filledIn, [name]: '' })).toThrow(`The ${displayName} is`);
	}
});

test.each(combinations)(
	'in the form for $name, Client ID and Secret may be empty only if they stand for a mock application',
	(combination) => {
		const mock = mayBeMock(combination);

		for (const { name, required, placeholder } of shown(chosen(combination))) {
			if (!secret.includes(name)) continue;
			expect({ required, placeholder }).toEqual({
				required: !mock,
				placeholder: mock?.[name as 'clientId' | 'clientSecret'],
			});
		}
	},
);

/** The mock application, if the combination is for one and its operator has one. */
function mayBeMock({ operator, clientAuthentication }: Combination): Operator['mock'] {
	const { mock }: Operator = operators[operator];
	return clientAuthentication?.startsWith('clientSecret') ? mock : undefined;
}

test.each(Object.keys(operators))('the example of a scope is the one for %s', (operator) => {
	const opened = asItOpens({ operator });
	const field = shown(opened).find(({ name }) => name === 'scope');

	if (operator === 'nokia') expect(field).toBeUndefined();
	else expect(field?.placeholder).toBe(`e.g. ${parseApplication({ ...opened, ...entered }).scope}`);
});

test.each([OpenGatewayApi, OpenGatewayOAuth2Api])(
	'n8n restores nothing that was cleared or changed back to its default: %p',
	(Credential) => {
		// n8n's DCR_MANAGED_CREDENTIAL_FIELDS. It restores one that is not in what is saved if the
		// first property of the name is not displayed with what was stored.
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

test('the choices that the form offers are those that exist, and no others', () => {
	const offered: string[] = [];
	const [operatorField] = shown(asItOpens()).filter(({ name }) => name === 'operator');
	for (const operator of values(operatorField as INodeProperties)) {
		const [grantField] = shown(asItOpens({ operator })).filter(
			({ name }) => name === 'authorizationGrant',
		);
		// Where there is nothing to choose, the form does not ask.
		if (!grantField) {
			offered.push(`${operator} apiKey`);
			continue;
		}
		for (const authorizationGrant of values(grantField)) {
			const [methodField] = shown(asItOpens({ operator, authorizationGrant })).filter(
				({ name }) => name === 'clientAuthentication',
			);
			const methods = methodField ? values(methodField) : [undefined];
			for (const method of methods) {
				offered.push([operator, authorizationGrant, method].filter(Boolean).join(' '));
			}
		}
	}
	expect(offered.sort()).toEqual(combinations.map(({ name }) => name).sort());
});

test.each(combinations)('the form for $name shows no field twice', (combination) => {
	const names = namesShown(chosen(combination));
	expect(new Set(names).size).toBe(names.length);
});

test('what is secret is never shown while it is typed, and nothing else is hidden', () => {
	const hidden = new OpenGatewayApi().properties
		.filter(({ typeOptions }) => typeOptions?.password)
		.map(({ name }) => name);
	expect([...new Set(hidden)].sort()).toEqual([
		'accessToken',
		'apiKey',
		'clientSecret',
		'privateKey',
	]);
});
