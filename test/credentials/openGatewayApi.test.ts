import { generateKeyPairSync } from 'node:crypto';
import { NodeHelpers, type IDataObject, type INodeProperties } from 'n8n-workflow';
import { OpenGatewayApi } from '../../credentials/OpenGatewayApi.credentials';
import { OpenGatewayOAuth2Api } from '../../credentials/OpenGatewayOAuth2Api.credentials';
import { parseApplication } from '../../nodes/OpenGateway/credential/application';
import { operators, type Operator } from '../../nodes/OpenGateway/operators';
import {
	algorithmsOf,
	authenticationField,
	combinations,
	operatorOf,
	signs,
	type Combination,
} from '../support/combinations';
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
const chosen = ({ fields }: Combination, changes = {}) => asItOpens({ ...fields, ...changes });

/** What each grant type needs of the authorization server, in the order of the form. */
const endpointsOf: Record<string, string[]> = {
	ciba: ['backchannelAuthorizationUrl', 'tokenUrl'],
	jwtBearer: ['tokenUrl'],
	authorizationCode: ['authorizationUrl', 'tokenUrl'],
	clientCredentials: ['tokenUrl'],
};
const key = ['clientId', 'privateKey', 'keyId', 'signingAlgorithm'];
const secret = ['clientId', 'clientSecret'];

/** The fields of the form for a combination, in their order. */
function formFor(combination: Combination): string[] {
	const { operator, authorizationGrant, clientAuthentication } = combination;
	const { choice, endpoints, grants, mock } = operatorOf(combination);
	const needed = endpointsOf[authorizationGrant];
	const isSigned = signs(combination);
	const ofItsOwn = authorizationGrant === 'applicationJwt';
	const hasScope = needed && !(operator === 'orange' && authorizationGrant === 'clientCredentials');
	const asksForAuthentication = new Set(Object.values(grants).flat()).size > 1;
	const keyFields = key.filter(
		(name) => name !== 'signingAlgorithm' || algorithmsOf(combination).length > 1,
	);
	const fields = {
		notice: mock && clientAuthentication && !isSigned,
		redirectUriNotice: authorizationGrant === 'authorizationCode',
		operator: true,
		...(choice && { [choice.field]: true }),
		baseUrl: true,
		authorizationGrant: Object.keys(grants).length > 1,
		authorizationBaseUrl: needed && endpoints,
		discoveryUrl: needed && !endpoints,
		...(endpoints ? {} : Object.fromEntries(needed?.map((name) => [name, true]) ?? [])),
		[authenticationField(operator)]: clientAuthentication && asksForAuthentication,
		...Object.fromEntries(
			(isSigned ? keyFields : secret).map((name) => [name, needed || ofItsOwn]),
		),
		accessToken: authorizationGrant === 'accessToken',
		apiKey: authorizationGrant === 'apiKey',
		purpose: hasScope || ofItsOwn,
		scope: hasScope,
	};
	return Object.entries(fields)
		.filter(([, isShown]) => isShown)
		.map(([name]) => name);
}

test.each(combinations)(
	'the form for $name has exactly the fields that it needs',
	(combination) => {
		expect(namesShown(chosen(combination))).toEqual(formFor(combination));
	},
);

test.each(combinations)(
	'the form for $name has no endpoint if they are discovered, and no purpose beside a scope',
	(combination) => {
		const discoveryUrl = 'https://api.example.com';
		const { authorizationGrant: grant } = combination;
		const hidden = Object.values(endpointsOf).flat();
		if (grant !== 'applicationJwt') hidden.push('purpose');
		expect(namesShown(chosen(combination, { discoveryUrl, scope: 'openid' }))).toEqual(
			formFor(combination).filter((name) => !hidden.includes(name)),
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
	privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 })
		.privateKey.export({ format: 'pem', type: 'pkcs8' })
		.toString(),
	signingAlgorithm: 'PS256',
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
function mockFor(combination: Combination): Operator['mock'] {
	const { mock } = operatorOf(combination);
	return combination.clientAuthentication?.startsWith('clientSecret') ? mock : undefined;
}

const scoped = combinations.filter(({ authorizationGrant }) => authorizationGrant === 'ciba');
test.each(scoped)('the example of a scope is the one for $name', ({ fields }) => {
	const opened = asItOpens(fields);
	const field = shown(opened).find(({ name }) => name === 'scope');
	const application = parseApplication({ ...opened, ...entered });
	const needed = application.scope(application.operator.apis.roamingStatus!);
	expect(field?.placeholder).toBe(`e.g. ${needed}`);
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
	const offered = choicesOf('operator', {}).flatMap((operator) => {
		const { choice }: Operator = operators[operator as keyof typeof operators];
		return choicesOf(choice?.field ?? 'none', { operator }).flatMap((variant = '') => {
			const chosen = { operator, ...(choice && { [choice.field]: variant }) };
			return choicesOf('authorizationGrant', chosen).flatMap((authorizationGrant) =>
				choicesOf(authenticationField(operator as Combination['operator']), {
					...chosen,
					authorizationGrant,
				}).map((method) =>
					[operator, variant, authorizationGrant, method].filter(Boolean).join(' '),
				),
			);
		});
	});
	// The form does not ask for an only grant, nor for its only client authentication.
	const expected = combinations.map(({ name, operator, variant }) =>
		['nokia', 'vonage'].includes(operator) || variant === 'lab'
			? [operator, variant].filter(Boolean).join(' ')
			: name,
	);
	expect(offered.sort()).toEqual(expected.sort());
});

test.each([
	// CAMARA's profile requires it; the others document the secret first.
	['camara', 'camaraClientAuthentication', 'privateKeyJwt'],
	['telefonica', 'clientAuthentication', 'clientSecretBasic'],
	['orange', 'clientAuthentication', 'clientSecretBasic'],
])(
	'the form for %s and n8n’s server both begin with its first client authentication',
	(operator, name, byDefault) => {
		const opened = shown(asItOpens({ operator }));
		const fields = opened.filter((field) => field.displayName === 'Client Authentication');
		expect(fields).toMatchObject([{ name, default: byDefault }]);
		// n8n's form sets the default of each name once, whatever operator is selected later.
		const ofName = new OpenGatewayApi().properties.filter((field) => field.name === name);
		expect(new Set(ofName.map((field) => field.default))).toEqual(new Set([byDefault]));
		const { properties } = new OpenGatewayApi();
		expect(
			NodeHelpers.getNodeParameters(properties, { operator }, true, false, null, null),
		).toMatchObject({ [name]: byDefault });
	},
);

test.each([
	{ operator: 'nokia', baseUrl: 'https://api.example.com', apiKey: 'made-up' },
	{ operator: 'camara', baseUrl: 'https://api.example.com', scope: 'openid other:read' },
])(
	'a credential that was stored before its operator had a choice keeps its fields: %j',
	(stored) => {
		const { properties } = new OpenGatewayApi();
		const read = NodeHelpers.getNodeParameters(properties, stored, true, false, null, null);
		expect(read).toMatchObject(stored);
	},
);

test('secrets are masked in the form, and nothing else is', () => {
	const masked = new OpenGatewayApi().properties
		.filter(({ typeOptions }) => typeOptions?.password)
		.map(({ name }) => name);
	expect(new Set(masked)).toEqual(new Set(['accessToken', 'apiKey', 'clientSecret', 'privateKey']));
});
